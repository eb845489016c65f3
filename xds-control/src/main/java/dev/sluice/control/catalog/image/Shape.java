package dev.sluice.control.catalog.image;

import java.io.IOException;

/** How the values of one type stand in an image. Thread-safe. */
interface Shape {
    void write(Object value, ImageOutput out) throws IOException;

    /**
     * Reads the value that stands next.
     *
     * @throws IllegalArgumentException when no such value stands there
     */
    Object read(ImageInput in) throws IOException;
}
