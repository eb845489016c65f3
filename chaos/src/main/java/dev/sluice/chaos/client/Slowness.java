package dev.sluice.chaos.client;

import java.util.Locale;

/** What a client is slow at. */
public enum Slowness {
    /** It sends its head one byte after the other, and never comes to an end. */
    HEADERS,
    /** It asks at once, and takes the answer in small pieces. */
    READERS;

    /** As it is written on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
