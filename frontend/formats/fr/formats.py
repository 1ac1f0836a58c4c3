"""How the French write days, times and numbers."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "G\u00a0\\h\u00a0i"  # never cut at the end of a line
DATETIME_FORMAT = f"j F Y à {TIME_FORMAT}"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %m %Y"]
TIME_INPUT_FORMATS = ["%H:%M", "%Hh%M", "%H h %M"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\u202f"
NUMBER_GROUPING = 3
