"""The rehearsal: a whole selection played through real HTTP and real sockets against a running installation."""
