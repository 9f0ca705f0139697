"""`homthu-provision`: the authority's command line."""

import click

from provisioning.card.commands import card
from provisioning.commands.authority import backup_command, init, restore_command
from provisioning.commands.demo import demo_command
from provisioning.commands.fleet import fleet_command
from provisioning.commands.kiosk import kiosk_group, replace_command, revoke_command
from provisioning.commands.papers import modem_command, poster_command, voices_command
from provisioning.commands.station import rotate_command, station_command


@click.group(epilog="Mã thoát / exit codes: 0, 1, 2 (dữ liệu sai / bad input), 130.")
def main() -> None:
    """Cấp phép trạm và kiosk (admit stations and kiosks)."""


main.add_command(init)
main.add_command(backup_command)
main.add_command(restore_command)
main.add_command(station_command)
main.add_command(rotate_command)
main.add_command(kiosk_group)
main.add_command(replace_command)
main.add_command(revoke_command)
main.add_command(fleet_command)
main.add_command(card)
main.add_command(voices_command)
main.add_command(modem_command)
main.add_command(poster_command)
main.add_command(demo_command)


if __name__ == "__main__":
    main()
