"""Measures the client against the published package, untyped JSON, bare urllib3 and curl.

``python -m benchmarks`` (or ``make bench``) prints one table; `benchmarks.__main__` has the options. Every
figure is a ratio of two measurements that alternate in one process, on the same data.
"""
