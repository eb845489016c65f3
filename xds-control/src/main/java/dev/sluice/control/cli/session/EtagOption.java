package dev.sluice.control.cli.session;

import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** What guards a change of what others may change too. Filled once by the parser. */
public final class EtagOption {
    @Option(
            names = "--etag",
            paramLabel = "ETAG",
            description = "Only if this is still its etag. Default: read first")
    private String text = "";

    /**
     * The etag given or, without one, the present one.
     *
     * @param present reads it
     */
    public String or(Supplier<String> present) {
        return text.isEmpty() ? present.get() : text;
    }
}
