package dev.sluice.control.cli.command;

import com.google.protobuf.util.Durations;
import dev.sluice.admin.v1.TestSinkRequest;
import dev.sluice.control.cli.resource.Sinks;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Session;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What is done with sinks beside the standard methods. For one run. */
@Command(
        name = "sink",
        aliases = "notification",
        description = "Sinks: who is told what happens, by webhook, chat or mail.")
public final class SinkCommands {
    private final Session session;

    public SinkCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Sends a sink one test notification now, and says what became of it.")
    int test(@Parameters(paramLabel = "NAME") String name) {
        var answer =
                Sinks.stub(session.channel())
                        .testSink(
                                TestSinkRequest.newBuilder()
                                        .setName(Sinks.SHAPE.expand(name))
                                        .build());
        session.printer()
                .answer(
                        answer,
                        List.of(
                                (answer.getDelivered() ? "delivered: " : "not delivered: ")
                                        + answer.getDetail()
                                        + " ("
                                        + Durations.toMillis(answer.getLatency())
                                        + " ms, "
                                        + answer.getEventId()
                                        + ")"));
        return answer.getDelivered() ? ExitCode.OK.number() : ExitCode.REFUSED.number();
    }
}
