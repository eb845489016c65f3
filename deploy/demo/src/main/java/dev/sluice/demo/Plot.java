package dev.sluice.demo;

import dev.sluice.admin.v1.RampState;
import dev.sluice.demo.load.ShareOrder;

/** The new build of {@code customers} that an act rolls out, and how its ramp must end. */
enum Plot {
    /** It does what it should; the change goes to its end. */
    SOUND_BUILD(
            "act-1",
            "sound",
            RampState.SUCCEEDED,
            ShareOrder.End.AT_THE_LAST,
            "Act 1 of 2: customer_name becomes first_name and last_name, under load"),
    /** It fails for people with a single name; the change is taken back. */
    BUILD_WITH_A_BUG(
            "act-2",
            "forgets-single-names",
            RampState.ROLLED_BACK,
            ShareOrder.End.BACK_AT_ZERO,
            "Act 2 of 2: the same, with a build that fails for people with a single name");

    private final String folder;
    private final String nameFormat;
    private final RampState end;
    private final ShareOrder.End shares;
    private final String title;

    Plot(String folder, String nameFormat, RampState end, ShareOrder.End shares, String title) {
        this.folder = folder;
        this.nameFormat = nameFormat;
        this.end = end;
        this.shares = shares;
        this.title = title;
    }

    /** Of its state and logs. */
    String folder() {
        return folder;
    }

    /** How the build splits names: the argument of the service's process. */
    String nameFormat() {
        return nameFormat;
    }

    /** How its ramp must end. */
    RampState end() {
        return end;
    }

    /** Where the shares that users meet must end. */
    ShareOrder.End shares() {
        return shares;
    }

    /** For people. */
    String title() {
        return title;
    }
}
