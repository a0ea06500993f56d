"""Labels as a resource of their own.

Projects and tasks write their labels too; what may be written is therefore in `resources.shared.labels`.
"""
