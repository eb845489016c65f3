package dev.sluice.control.boot;

import dev.sluice.contract.Problems;
import dev.sluice.control.outward.Origins;
import dev.sluice.control.outward.Secrets;
import dev.sluice.control.outward.Trust;

/**
 * Which metrics servers this control plane may ask. Immutable.
 *
 * @param origins where they are
 */
record Inquiry(Origins origins, Secrets secrets, Trust trust) {
    /** Asks nobody. */
    static final Inquiry NONE = new Inquiry(Origins.NONE, Secrets.NONE, Trust.ofSystem());

    static Inquiry read(ControlCommand options, Secrets secrets, Problems problems) {
        return new Inquiry(
                problems.take(Origins.parse("--query-allow", options.queryAllow))
                        .orElse(Origins.NONE),
                secrets,
                Outward.trust(options.queryCa, problems.field("--query-ca")));
    }
}
