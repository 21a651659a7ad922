from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
import django
django.setup()
import librarian_project.urls
print(sorted({"cv2", "openvino"} & set(sys.modules)))
"""


def test_it_serves_pages_without_opencv_or_a_model_runtime() -> None:
    result = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
