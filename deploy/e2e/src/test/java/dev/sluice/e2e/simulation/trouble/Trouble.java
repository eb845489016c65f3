package dev.sluice.e2e.simulation.trouble;

import java.time.Duration;
import java.util.List;

/** Something that goes wrong for a while. It holds all the chance that it needs. Immutable. */
public sealed interface Trouble {
    /** The process of the control plane dies; another one starts when that is over. */
    record ControlDies(Duration lasts) implements Trouble {}

    /**
     * The control plane lives on, but no sidecar hears it; another one takes its place when that is
     * over.
     *
     * @param seed of those who go on to ask the first one
     */
    record ControlIsolated(Duration lasts, long seed) implements Trouble {}

    /**
     * The process of a sidecar dies.
     *
     * @param lasts until it starts again
     * @param keepsState whether it finds what it had written down
     */
    record NodeDies(String node, Duration lasts, boolean keepsState) implements Trouble {}

    /**
     * A sidecar is asked to leave while users call it, and does. One that does not serve stays as
     * it is.
     *
     * @param lasts from its end until it starts again
     * @param keepsState whether it finds what it had written down
     * @param seed of what users ask meanwhile
     */
    record NodeLeaves(String node, Duration lasts, boolean keepsState, long seed)
            implements Trouble {}

    /** Nothing comes through between a sidecar and the control plane. */
    record LinkCut(String node, Duration lasts) implements Trouble {}

    /**
     * All links are cut, one after another, and heal in another order.
     *
     * @param cut sidecars in the order in which they are cut off
     * @param healed the same ones in the order in which they are connected again
     * @param step between one and the next
     * @param lasts from the last cut to the first that heals
     */
    record LinksClogged(List<String> cut, List<String> healed, Duration step, Duration lasts)
            implements Trouble {
        public LinksClogged {
            cut = List.copyOf(cut);
            healed = List.copyOf(healed);
        }
    }

    /** The disk of the control plane has no room: nothing is written. */
    record DiskFull(Duration lasts) implements Trouble {}

    /** The disk of the control plane writes, and says that it has not. */
    record DiskInDoubt(Duration lasts) implements Trouble {}

    /**
     * Requests fail.
     *
     * @param onNew probability on NEW
     * @param onLegacy probability on LEGACY
     */
    record ArmsFail(double onNew, double onLegacy, Duration lasts) implements Trouble {}
}
