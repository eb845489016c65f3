package dev.sluice.control.xds;

import java.util.List;

/**
 * What a node was sent and accepted of one type. Immutable.
 *
 * @param refusal empty when the last answer was an acceptance
 * @param withheld what is kept back from it, each as a sentence with the reason
 */
public record TypeAtNode(
        String typeUrl,
        String sentVersion,
        String acceptedVersion,
        String refusal,
        List<String> withheld) {}
