"""What people read of the register on a day: agendas, calendars, scoreboards and dossiers."""
