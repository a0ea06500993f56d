"""The media of tasks: uploading, cutting into frames and jobs, handing out frames and chunks."""
