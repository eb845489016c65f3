package dev.sluice.control.web;

import java.util.OptionalLong;

/**
 * Where a control plane stands among those on its log. Immutable.
 *
 * @param leads whether it decides; what all nodes report is known to it alone
 * @param hears whether it leads, or hears the one that does
 * @param behind events that the leader has told of and this one has not read, 0..; empty while it
 *     hears nobody
 * @param served nodes that are connected to it
 */
public record Standing(boolean leads, boolean hears, OptionalLong behind, int served) {
    /** Of one that is alone, or leads. */
    public static Standing leading(int served) {
        return new Standing(true, true, OptionalLong.of(0), served);
    }
}
