"""Configuration of the kernels that execute the book (IPYTHONDIR points here)."""

c = get_config()  # noqa: F821

# TensorFlow's C++ code greets on the process's own stderr. That belongs into the log of
# the build, not onto pages; warnings of Python still reach the pages.
c.IPKernelApp.capture_fd_output = False
c.IPKernelApp.log_level = "ERROR"
c.HistoryManager.enabled = False
