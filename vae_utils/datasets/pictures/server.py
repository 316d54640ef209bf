"""A thread that hands tasks to a process of its own, and replaces it if it crashes."""

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading

PATIENCE = 0.1  # seconds: a crash elsewhere may put tasks back
PROGRAM = (
    "import sys; sys.path[:] = sys.argv[1:]; "
    "from vae_utils.decoding import process; process.main()"
)
CRASHED = "the decoder crashes"


class Server(threading.Thread):
    """Does tasks until it is stopped.

    Args:
        settings: for `decoding.process`.
        tasks: queue of lists of `[row, name]`.
        answers: queue for lists of what it answers; an exception if this server
            can do no more.
    """

    def __init__(self, settings: dict, tasks, answers):
        super().__init__(daemon=True)
        self._settings, self._tasks, self._answers = settings, tasks, answers
        self._process, self._stopped = None, False
        self._changing = threading.Lock()
        self._errors = tempfile.TemporaryFile()

    def run(self):
        """Does tasks; whatever goes wrong is for the main thread to raise."""
        try:
            while not self._stopped:
                with contextlib.suppress(queue.Empty):
                    self._do(self._tasks.get(timeout=PATIENCE))
        except Exception as error:
            self._answers.put(error)

    def stop(self):
        """Ends the process at once, whatever it is doing."""
        with self._changing:
            self._stopped = True
            if self._process:
                self._process.kill()

    def close(self):
        """Waits for thread and process, which were stopped."""
        if self.ident is not None:
            self.join()
        self._drop()
        self._errors.close()

    def _do(self, task):
        """Has a task done; one that takes the process down is divided."""
        answer = self._ask(task)
        if isinstance(answer, int):
            raise OSError(answer, os.strerror(answer), self._settings["array"])
        if answer is not None:
            self._answers.put(answer)
        elif not self._stopped:
            self._drop()
            if len(task) == 1:
                self._answers.put([{"row": task[0][0], "reason": CRASHED}])
            for one in task if len(task) > 1 else ():
                self._tasks.put([one])

    def _ask(self, message):
        """Returns the answer to a message; None if the process ends without one."""
        if self._process is None:
            self._launch()
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except OSError:
            return None
        return json.loads(answer) if answer.endswith(b"\n") else None

    def _launch(self):
        """Starts a process, with the modules that this one finds."""
        path = [os.path.abspath(folder) for folder in sys.path]
        with self._changing:
            if self._stopped:
                raise RuntimeError("This server was stopped.")
            self._process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-c", PROGRAM, *path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                start_new_session=True,  # Ctrl-C is for the program, which ends this
            )
        if self._ask(self._settings) != "ready" and not self._stopped:
            raise RuntimeError(
                "The process that decodes pictures could not be started. "
                f"Received: {self._last_words()}"
            )

    def _last_words(self):
        self._process.wait()
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"exit code {self._process.returncode}"

    def _drop(self):
        """Forgets a process that has ended, or ends."""
        with self._changing:
            process, self._process = self._process, None
        if process:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):  # the last words were not read
                    stream.close()
