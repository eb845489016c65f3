package dev.sluice.control.cli.bundle;

import dev.sluice.control.cli.resource.Baselines;
import dev.sluice.control.cli.resource.Nodes;
import dev.sluice.control.cli.resource.Ramps;
import dev.sluice.control.cli.resource.Shape;
import java.util.Arrays;
import java.util.Optional;

/** Kinds of resources that no file declares, and how they come to be. */
public enum Undeclared {
    BASELINE(Baselines.SHAPE, "a baseline is recorded, not declared: `sluice baseline record`"),
    RAMP(Ramps.SHAPE, "a ramp is started, not declared: `sluice ramp create -f FILE`"),
    NODE(Nodes.SHAPE, "a node is there since it connected, and is not declared");

    @SuppressWarnings("ImmutableEnumChecker") // a shape is immutable
    private final Shape shape;

    private final String remedy;

    Undeclared(Shape shape, String remedy) {
        this.shape = shape;
        this.remedy = remedy;
    }

    /** What to do about such a resource in a file. */
    public String remedy() {
        return remedy;
    }

    /** Of the whole name of a resource; empty for a kind that files may hold, or for no name. */
    static Optional<Undeclared> named(String name) {
        return Arrays.stream(values()).filter(kind -> kind.shape.fits(name)).findFirst();
    }

    /** Of the word for such a resource. */
    public static Optional<Undeclared> called(String noun) {
        return Arrays.stream(values())
                .filter(kind -> kind.name().equalsIgnoreCase(noun))
                .findFirst();
    }
}
