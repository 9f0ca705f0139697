"""The composition root of the touch app, and the only module that knows Kivy's window."""

import logging
import signal
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import Any

from kivy.base import EventLoop, ExceptionHandler, ExceptionManager, runTouchApp, stopTouchApp
from kivy.clock import Clock
from kivy.core.window import Window

from audio.capture import sound_check
from audio.capture.recorder import Microphone
from audio.capture.voice_capture import VoiceCapture
from audio.clips.sources import Sources
from audio.playback.backends import best_output
from audio.playback.handset import Handset
from audio.playback.narrator import Narrator
from audio.playback.output import Devices
from audio.playback.speaker import Speaker
from audio.speech.espeak import Engine
from kiosk.common.event_codes import EventCode
from kiosk.content.assets import Clips
from kiosk.content.voice_pack import clip_folders
from kiosk.device.config import Config, live_site
from kiosk.flow.model import Rules, Screen
from kiosk.views import loader, staff
from ui.touch import window
from ui.touch.controller import VisitController
from ui.touch.drawing.canvas import ScreenCanvas
from ui.touch.drawing.draw_context import DrawContext
from ui.touch.drawing.text import TextTextures
from ui.touch.drawing.textures import PictureTextures
from ui.touch.filing_worker import FilingWorker
from ui.touch.input.event_queue import EventQueue
from ui.touch.input.event_wait import FramePacer, best_waiter
from ui.touch.input.staff_gesture import GestureStep, StaffGesture
from ui.touch.layout.geometry import Panel
from ui.touch.layout.placement import Scene
from ui.touch.notice_watcher import NoticeWatcher
from ui.touch.staff_controller import StaffController, StaffFiles

TICK_S = 1.0
CHECK_S = 60.0
NEWS_S = 5.0
CRASHES = 5
CRASH_WINDOW_S = 10.0

log = logging.getLogger(__name__)


class KioskApp:
    """Builds the parts, ties them together and runs until it is told to end."""

    def __init__(self, config: Config) -> None:
        plain, catalog = loader.load(config.assets)
        questionnaire = plain.with_villages(name for name, _ in config.site.villages)
        rules = Rules(
            questionnaire,
            languages=config.languages,
            report_every_s=config.report_every_s,
            private_sound=config.sound.private,
        )
        panel = Panel(*config.size, config.width_mm)
        catalog = catalog.written_in(config.hmong_script)
        studio = DrawContext(
            panel, PictureTextures(config.assets), TextTextures(), catalog, config.languages
        )
        waiter = best_waiter()
        self._pacer = FramePacer(waiter)
        self._bridge = EventQueue(waiter.wake)
        self._booth = VoiceCapture(
            Microphone(config.sound.microphone), self._bridge.post, self._level_moved
        )
        self._door = FilingWorker(config, questionnaire, self._bridge.post, self._booth)
        self._screen = _Screen(
            ScreenCanvas(studio, self._press, self._release),
            studio,
            self._look_ahead,
            self._pacer.keep_moving,
        )
        self._conductor = VisitController(
            rules,
            live_site(config),
            catalog,
            panel,
            self._screen,
            self._door,
            self._booth,
            monotonic,
        )
        clips = Clips(clip_folders(config.assets, config.voices, config.authority))
        sources = Sources(clips, Engine(config.espeak).synthesise)
        output = best_output(Devices(config.sound.speaker, config.sound.handset))
        self._voice = Speaker(sources.samples, output, config.sound.volume)
        self._news = NoticeWatcher(config, questionnaire, self._bridge.post, sources.learn)
        self._narrator = Narrator(
            self._voice,
            run=self._bridge.post,
            on_target=self._conductor.spoken,
            on_ended=self._conductor.speech_ended,
        )
        self._handset = Handset(config.sound.switch, self._handset_moved)
        self._corners = StaffGesture(panel)
        self._staff = self._staff_room(config, studio)
        self._crashes: deque[float] = deque(maxlen=CRASHES)
        self._exit_code = 0

    def run(self) -> int:
        """Show the first screen and serve visits; returns the exit code."""
        window.shut_doors()
        signal.signal(signal.SIGTERM, self._terminate)
        ExceptionManager.add_handler(_Handler(self._crashed))
        self._pacer.install(Clock)
        Clock.schedule_interval(lambda _dt: self._bridge.drain(self._conductor.handle), 0)
        Clock.schedule_interval(lambda _dt: self._tick(), TICK_S)
        Clock.schedule_interval(lambda _dt: self._door.check(), CHECK_S)
        Clock.schedule_interval(lambda _dt: self._news.look(), NEWS_S)
        window.start_heartbeat(self._door.read)
        Window.bind(on_flip=lambda _window: self._frame_shown())
        self._conductor.start(self._narrator)
        self._handset.start()
        self._door.check()
        self._news.look()
        runTouchApp(self._screen.stage)
        self._booth.discard()
        self._voice.close()
        self._news.close()
        self._door.close()
        return self._exit_code

    def _handset_moved(self, lifted: bool) -> None:
        self._bridge.post(lambda: self._conductor.handset(lifted))

    def _level_moved(self, loud: bool) -> None:
        self._bridge.post(lambda: self._conductor.heard(loud))

    def _staff_room(self, config: Config, studio: DrawContext) -> StaffController:
        def stage() -> ScreenCanvas:
            words = replace(studio, catalog=staff.catalogue(), languages=staff.LANGUAGES)
            return ScreenCanvas(words, self._staff.press, self._staff.release)

        places = StaffFiles(
            config.staff_pin, config.courier_status, config.image, config.stick, config.power_off
        )

        def test_sound() -> tuple[str, ...]:
            self._bridge.post(self._conductor.greet)
            return sound_check.check(self._voice, Microphone(config.sound.microphone))

        return StaffController(
            studio.panel,
            _Overlay(stage, self._pacer.keep_moving),
            places,
            self._bridge.post,
            test_sound,
            monotonic,
        )

    def _press(self, finger: object, spot: tuple[int, int]) -> bool:
        self._corners.press(finger, spot, monotonic())
        return self._conductor.press(finger, spot)

    def _release(self, finger: object) -> None:
        knock = self._knock(finger)
        if knock is GestureStep.NONE:
            self._conductor.release(finger)
            return
        self._conductor.abandon()
        if knock is GestureStep.OPEN:
            self._staff.open()

    def _knock(self, finger: object) -> GestureStep:
        scene = self._conductor.scene
        nobody = scene is not None and scene.view.screen is Screen.START
        return self._corners.release(finger, monotonic()) if nobody else GestureStep.NONE

    def _frame_shown(self) -> None:
        self._conductor.frame_shown()
        self._staff.frame_shown()

    def _tick(self) -> None:
        self._conductor.tick()
        self._staff.tick()

    def _look_ahead(self, _dt: float) -> None:
        scene = self._conductor.likely_next()
        if scene is not None:
            self._screen.stage.preload(scene)

    def _terminate(self, _number: int, _frame: FrameType | None) -> None:
        stopTouchApp()

    def _crashed(self, error: BaseException) -> None:
        """Log where it happened and begin again; give up when even that fails again and again."""
        log.error("%s %s", EventCode.PROGRAM_FAILED, place_of(error))
        now = monotonic()
        self._crashes.append(now)
        if len(self._crashes) == CRASHES and now - self._crashes[0] < CRASH_WINDOW_S:
            self._exit_code = 1
            stopTouchApp()
            return
        self._bridge.post(self._conductor.crashed)


class _Screen:
    """The stage as the conductor sees it."""

    def __init__(
        self,
        stage: ScreenCanvas,
        studio: DrawContext,
        look_ahead: Any,
        keep_moving: Callable[[float], None],
    ) -> None:
        self.stage = stage
        self._studio, self._keep_moving = studio, keep_moving
        self._look_ahead = Clock.create_trigger(look_ahead, 0.1)

    def draw(self, scene: Scene) -> None:
        self.stage.draw(scene)
        self._look_ahead()

    def emphasise(self, target: str | None) -> None:
        self.stage.emphasise(target)

    def settle(self, seconds: float) -> None:
        self._keep_moving(seconds)
        self.stage.settle(seconds)

    def forget(self) -> None:
        self._studio.lettering.forget()


class _Overlay:
    """A stage above the visit's, made when it is first needed."""

    def __init__(
        self, make: Callable[[], ScreenCanvas], keep_moving: Callable[[float], None]
    ) -> None:
        self._make, self._keep_moving = make, keep_moving
        self._stage: ScreenCanvas | None = None

    def draw(self, scene: Scene) -> None:
        if self._stage is None:
            self._stage = self._make()
            Window.add_widget(self._stage)
        self._stage.draw(scene)

    def emphasise(self, target: str | None) -> None:
        if self._stage is not None:
            self._stage.emphasise(target)

    def settle(self, seconds: float) -> None:
        if self._stage is not None:
            self._keep_moving(seconds)
            self._stage.settle(seconds)

    def leave(self) -> None:
        Window.remove_widget(self._stage)
        self._stage = None


class _Handler(ExceptionHandler):  # type: ignore[misc]
    """Kivy's way of telling about an exception in a callback."""

    def __init__(self, crashed: Any) -> None:
        super().__init__()
        self._crashed = crashed

    def handle_exception(self, error: BaseException) -> int:
        """Recover from mistakes; let the wish to end the process through."""
        if not isinstance(error, Exception):
            return int(ExceptionManager.RAISE)
        self._crashed(error)
        return int(ExceptionManager.PASS)


def place_of(error: BaseException) -> str:
    """Module and line where an exception was raised; never its message, which may hold answers."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "?"
    return f"{Path(trace.tb_frame.f_code.co_filename).stem}:{trace.tb_lineno}"


def run(config: Config) -> int:
    """Run the app with this configuration."""
    if EventLoop.window is None and Window is None:
        print("homthu-kiosk: no screen", file=sys.stderr)
        return 1
    return KioskApp(config).run()
