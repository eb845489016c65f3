package dev.sluice.control.cli.command;

import dev.sluice.gate.v1.GateRevision;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a revision as tables show it: {@code EPOCH.NUMBER}. Immutable. */
final class RevisionText implements ITypeConverter<GateRevision> {
    @Override
    public GateRevision convert(String value) {
        if (!value.matches("[0-9]{1,18}\\.[0-9]{1,18}")) {
            throw new TypeConversionException(
                    "revision: got '%s', expected EPOCH.NUMBER; take one of `sluice gate revisions`"
                            .formatted(value));
        }
        int dot = value.indexOf('.');
        return GateRevision.newBuilder()
                .setEpoch(Long.parseLong(value.substring(0, dot)))
                .setNumber(Long.parseLong(value.substring(dot + 1)))
                .build();
    }
}
