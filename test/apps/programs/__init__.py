"""One module per program: how it is prepared and started, when it is amid its work, and whether
its result is right. See bash_script.py for the shape."""
