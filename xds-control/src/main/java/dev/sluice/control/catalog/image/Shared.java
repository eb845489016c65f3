package dev.sluice.control.catalog.image;

import java.io.IOException;

/** Values that are written once and referred to after that. */
record Shared(Shape of, Likeness likeness) implements Shape {
    /** What stands for a value that was written before. */
    enum Likeness {
        /** The same object: equality would look through whole maps. */
        SAME,
        EQUAL
    }

    @Override
    public void write(Object value, ImageOutput out) throws IOException {
        switch (likeness) {
            case SAME -> out.putSame(value, of);
            case EQUAL -> out.putEqual(value, of);
        }
    }

    @Override
    public Object read(ImageInput in) throws IOException {
        return in.value(of);
    }
}
