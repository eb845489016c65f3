package dev.sluice.chaos.cli;

/** Waits that a signal to this process ends. Used by one thread. */
final class SignalledWaits {
    private final RealWaits waits = new RealWaits();
    private final Thread hook;

    private SignalledWaits(String thread) {
        hook = new Thread(waits::end, thread);
    }

    /**
     * Listens from now on.
     *
     * @param thread name of the thread that hears of a signal
     */
    static SignalledWaits begin(String thread) {
        SignalledWaits begun = new SignalledWaits(thread);
        Runtime.getRuntime().addShutdownHook(begun.hook);
        return begun;
    }

    RealWaits waits() {
        return waits;
    }

    /** Listens no longer; says whether a signal came. */
    boolean end() {
        if (waits.ended()) {
            return true;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            return false;
        } catch (IllegalStateException endsByASignal) {
            return true;
        }
    }
}
