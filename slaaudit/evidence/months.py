"""The names of months and weekdays as exports write them in seven languages, in capitals and without accents.

Languages: English, Spanish, French, German, Portuguese, Italian, Dutch. A name stands here only if it means one
month in all of them.
"""

from __future__ import annotations

_NAMES = (
    "jan january janv janvier ene enero januar jaen jan janeiro gen gennaio januari janner jaenner",
    "feb february fev fevr fevrier febrero februar fevereiro febbraio februari",
    "mar march mars marzo marz mrz maerz marco mrt maart",
    "apr april avr avril abr abril aprile",
    "may mai mayo maio mag maggio mei",
    "jun june juin junio juni junho giu giugno",
    "jul july juil juillet julio juli julho lug luglio",
    "aug august aout ago agosto augustus",
    "sep sept september septembre septiembre setiembre set setembro settembre",
    "oct october octobre octubre okt oktober out outubro ott ottobre",
    "nov november novembre noviembre novembro",
    "dec december decembre dic diciembre dez dezember dezembro dicembre",
)
_WEEKDAYS = (
    "mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday "
    "lun lunes mar martes mie miercoles jue jueves vie viernes sab sabado dom domingo "
    "lundi mardi mer mercredi jeu jeudi ven vendredi sam samedi dim dimanche "
    "mo montag di dienstag mi mittwoch do donnerstag fr freitag sa samstag so sonntag "
    "seg segunda ter terca qua quarta qui quinta sex sexta "
    "lunedi martedi gio mercoledi giovedi venerdi sabato domenica "
    "ma maandag dinsdag wo woensdag donderdag vr vrijdag za zaterdag zo zondag"
)

MONTHS = {name.upper(): number for number, names in enumerate(_NAMES, 1) for name in names.split()}


def _any_of(names: set[str]) -> str:
    """The longest names first, so that a short one never hides a long one."""
    return "|".join(sorted(names, key=lambda name: (-len(name), name)))


MONTH = f"(?:{_any_of(set(MONTHS))})"
"""A month's name, as a pattern."""

WEEKDAY = f"(?:{_any_of(set(_WEEKDAYS.upper().split()))})"
"""A weekday's name, as a pattern."""
