package dev.sluice.control.xds;

/** Which of the two xDS protocols a node speaks for a type; known from its first request. */
enum Protocol {
    /** State of the world. */
    WHOLE,
    DELTA
}
