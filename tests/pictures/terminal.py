"""The card's commands at work in a real terminal, kept as pictures."""

import io
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import resvg_py
from PIL import Image
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from provisioning import demo
from tests.pictures.keeping import BUILD, ROOT, TECHNICIAN, at_width, keep
from tests.pictures.papers import HOTSPOT
from tests.provisioning.card import tiny_image

COLUMNS, LINES = 96, 40
WIDTH = 880
ENTRY = "import sys; sys.argv[0] = 'homthu-provision'; from provisioning.main import main; main()"
