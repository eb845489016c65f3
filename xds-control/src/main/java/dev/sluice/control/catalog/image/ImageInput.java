package dev.sluice.control.catalog.image;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** The values of an image, read in the order in which they were written. Owned by one reading. */
final class ImageInput {
    private static final int LONGEST_BYTES = 1 << 26;
    private static final int LAST_SHIFT = 63;

    private final DataInputStream in;
    private final List<Object> read = new ArrayList<>();

    ImageInput(InputStream in) {
        this.in = new DataInputStream(in);
    }

    /** A value that was written as itself or as a reference. */
    Object value(Shape shape) throws IOException {
        long reference = number();
        if (reference != 0) {
            if (reference < 0 || reference > read.size()) {
                throw new IllegalArgumentException(
                        "reference " + reference + " (expected 0.." + read.size() + ")");
            }
            return read.get((int) reference - 1);
        }
        Object value = shape.read(this);
        read.add(value);
        return value;
    }

    long number() throws IOException {
        long got = 0;
        int shift = 0;
        int next;
        do {
            next = in.readUnsignedByte();
            got |= (long) (next & 0x7f) << shift;
            shift += 7;
        } while ((next & 0x80) != 0 && shift <= LAST_SHIFT);
        return (got >>> 1) ^ -(got & 1);
    }

    /** A number of things that follow. */
    int count(int most) throws IOException {
        long count = number();
        if (count < 0 || count > most) {
            throw new IllegalArgumentException(
                    "a count of " + count + " (expected 0.." + most + ")");
        }
        return (int) count;
    }

    byte[] bytes() throws IOException {
        byte[] bytes = new byte[count(LONGEST_BYTES)];
        in.readFully(bytes);
        return bytes;
    }

    double real() throws IOException {
        return in.readDouble();
    }

    boolean isAtEnd() throws IOException {
        return in.read() < 0;
    }
}
