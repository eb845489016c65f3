package dev.sluice.contract.gate;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What runs for a key, in the order in which a migration walks.
 *
 * <pre>
 * mode        reads run              answer  writes, in order
 * OFF         old                    old     old
 * DUAL_WRITE  old                    old     old, then new
 * SHADOW      old and new, compared  old     old, then new
 * LIVE        old and new, compared  new     new, then old
 * RAMP_DOWN   new                    new     new, then old
 * COMPLETE    new                    new     new
 * </pre>
 *
 * The second write exists for {@link StoreKind#SEPARATE} stores only: what one version writes to a
 * shared store, the other sees.
 */
public enum Mode {
    OFF(Arm.LEGACY),
    DUAL_WRITE(Arm.LEGACY),
    SHADOW(Arm.LEGACY),
    LIVE(Arm.NEW),
    RAMP_DOWN(Arm.NEW),
    COMPLETE(Arm.NEW);

    private final Arm authoritative;

    Mode(Arm authoritative) {
        this.authoritative = authoritative;
    }

    /** The arm whose answer goes to the client, and whose writes count. */
    public Arm authoritative() {
        return authoritative;
    }

    /** Whether reads run on both arms and are compared. */
    public boolean comparesReads() {
        return this == SHADOW || this == LIVE;
    }

    /** The arms that a read runs on, the answering one first. */
    public List<Arm> reads() {
        return comparesReads()
                ? List.of(authoritative, authoritative.other())
                : List.of(authoritative);
    }

    /** The arms that a write goes to, in order, the one that counts first. */
    public List<Arm> writes(StoreKind store) {
        boolean once = store == StoreKind.SHARED || this == OFF || this == COMPLETE;
        return once ? List.of(authoritative) : List.of(authoritative, authoritative.other());
    }

    /** The modes that a gate may move keys to from this one; empty after COMPLETE. */
    public Set<Mode> next(StoreKind store) {
        return switch (store) {
            case SHARED ->
                    switch (this) {
                        case OFF -> EnumSet.of(SHADOW, COMPLETE);
                        case SHADOW -> EnumSet.of(COMPLETE);
                        case DUAL_WRITE, LIVE, RAMP_DOWN, COMPLETE -> EnumSet.noneOf(Mode.class);
                    };
            case SEPARATE ->
                    switch (this) {
                        case OFF -> EnumSet.of(DUAL_WRITE);
                        case DUAL_WRITE -> EnumSet.of(SHADOW);
                        case SHADOW -> EnumSet.of(LIVE);
                        case LIVE -> EnumSet.of(RAMP_DOWN);
                        case RAMP_DOWN -> EnumSet.of(COMPLETE);
                        case COMPLETE -> EnumSet.noneOf(Mode.class);
                    };
        };
    }
}
