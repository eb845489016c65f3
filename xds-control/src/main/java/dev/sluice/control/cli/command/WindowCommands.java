package dev.sluice.control.cli.command;

import com.google.protobuf.util.Timestamps;
import dev.sluice.admin.v1.PreviewWindowRequest;
import dev.sluice.admin.v1.PreviewWindowResponse.Opening;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.resource.Windows;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Session;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is done with windows beside the standard methods. For one run. */
@Command(name = "window", description = "Windows: when migrations may go on.")
public final class WindowCommands {
    private static final List<Column<Opening>> OPENINGS =
            List.of(
                    new Column<>("FROM", opening -> Timestamps.toString(opening.getStart())),
                    new Column<>("UNTIL", opening -> Timestamps.toString(opening.getEnd())));

    private final Session session;

    public WindowCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Shows when a window opens next, in UTC.")
    int preview(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--count",
                            paramLabel = "N",
                            defaultValue = "10",
                            description = "How many, 1..100. Default: ${DEFAULT-VALUE}")
                    int count) {
        var answer =
                Windows.stub(session.channel())
                        .previewWindow(
                                PreviewWindowRequest.newBuilder()
                                        .setName(Windows.SHAPE.expand(name))
                                        .setCount(count)
                                        .build());
        session.printer().many(answer.getOpeningsList(), OPENINGS);
        return ExitCode.OK.number();
    }
}
