package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A fault on one arm of a gate, as the file asks for it. Immutable.
 *
 * @param fields of the file; variables in them are not yet substituted
 * @param place where it stands, such as {@code exp.yaml:12:5 sluice.faults[0]}
 */
public record ArmFault(JsonNode fields, String place) {}
