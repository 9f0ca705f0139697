"""Composes one SVG from a scene."""

from ui.tiles.icons import Icons
from ui.tiles.scene import Book, Layer, TileScene

_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'viewBox="0 0 {width} {height}">'
)


def compose(scene: TileScene, book: Book, icons: Icons) -> str:
    """The whole scene as one SVG document."""
    width, height = scene.box
    layers = "".join(_place(layer, number, icons) for number, layer in enumerate(scene.layers))
    ground = book.grounds.get(scene.ground, "")
    return f"{_HEAD.format(width=width, height=height)}{ground}{layers}</svg>"


def _place(layer: Layer, number: int, icons: Icons) -> str:
    picture = icons.find(layer.icon)
    if picture is None:
        return ""
    left, top, width, height = picture.box
    scale = layer.size / height
    mirror = -scale if layer.flip else scale
    transform = (
        f"translate({layer.x:g} {layer.y - layer.size / 2:g}) rotate({layer.turn:g}) "
        f"scale({mirror:.5g} {scale:.5g}) translate({-width / 2:g} {-height / 2:g})"
    )
    frame = f'width="{width:g}" height="{height:g}" viewBox="{left:g} {top:g} {width:g} {height:g}"'
    body = picture.with_ids(f"l{number}-")
    return (
        f'<g transform="{transform}" color="{layer.tint}" opacity="{layer.fade:g}">'
        f"<svg {frame}>{body}</svg></g>"
    )
