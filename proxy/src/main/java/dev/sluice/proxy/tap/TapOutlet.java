package dev.sluice.proxy.tap;

import dev.sluice.proxy.snapshot.filter.TapSpec;

/** Where a tap's messages go. Thread-safe; never blocks, never throws. */
public interface TapOutlet {
    /**
     * Takes a message, to write it later.
     *
     * @param over to be told once what became of it
     */
    void take(TapMessage message, TapSpec spec, Over over);

    /** Is told what became of a message. Thread-safe. */
    interface Over {
        /** It is written. */
        void written();

        /** It is lost. */
        void lost();
    }
}
