package dev.sluice.proxy.exchange;

import java.util.Locale;

/** Frames of HTTP/2 that cost a peer nothing and came in such numbers that its connection ended. */
public enum Flood {
    /** Too many frames wait to be sent. */
    OUTBOUND,
    /** Too many answers to PING and SETTINGS, or RST_STREAM, wait to be sent. */
    OUTBOUND_CONTROL,
    /** DATA without bytes. */
    EMPTY_DATA,
    /** PRIORITY. */
    PRIORITY,
    /** WINDOW_UPDATE. */
    WINDOW_UPDATE,
    /** PING and SETTINGS. */
    PING_AND_SETTINGS,
    /** Streams that are opened and reset. */
    RAPID_RESET,
    /** CONTINUATION. */
    CONTINUATION,
    /** What Netty calls too much and is none of the others. */
    OTHER;

    /** Value of the label {@code flood}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
