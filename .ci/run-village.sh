#!/usr/bin/env bash
# The village of `make run`: in a window when there is a display, else visited by itself under Xvfb.
set -euo pipefail
demo=(.venv/bin/homthu-provision demo --assets build --size "$VISIT_SIZE")
if [ -n "${DISPLAY:-}" ]; then
    exec "${demo[@]}"
fi
rm -rf build/visit
exec xvfb-run --auto-servernum --server-args "-screen 0 ${VISIT_SIZE}x24 -nolisten tcp -noreset" \
    "${demo[@]}" --visit build/visit
