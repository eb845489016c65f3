package dev.sluice.chaos.toxiproxy.toxic;

/** How one direction of a connection ends. It passes the stages behind the data before it. */
public enum Ending {
    /** The sender has finished: its FIN is passed on, and the other direction goes on. */
    FINISH,
    /** A toxic closes the whole connection. */
    CLOSE,
    /** A toxic closes the whole connection by RST. */
    RESET
}
