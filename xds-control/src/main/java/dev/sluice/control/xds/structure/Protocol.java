package dev.sluice.control.xds.structure;

/** Which of the two xDS protocols a node speaks for a type; known from its first request. */
enum Protocol {
    /** State of the world. */
    WHOLE,
    DELTA
}
