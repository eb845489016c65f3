package dev.sluice.control.cli;

import dev.sluice.control.cli.session.Dialer;
import dev.sluice.control.cli.session.Surroundings;
import dev.sluice.control.cli.session.Target;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs commands against services in this process; opens no port. For one thread. */
public final class CommandRun implements AutoCloseable {
    public static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    public static final UUID REQUEST_ID = new UUID(7, 7);

    private final Server server;
    private final List<String> authorizations = new ArrayList<>();
    private final List<Target> dialled = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private Path home = Path.of("nowhere");
    private String input = "";
    private Supplier<UUID> requestIds = () -> REQUEST_ID;
    private Function<Target, ManagedChannel> dial = this::inThisProcess;

    /** What one run left behind. */
    public record Result(int exitCode, String out, String err) {}

    public CommandRun(BindableService... services) throws IOException {
        var builder = InProcessServerBuilder.forName(serverName()).directExecutor();
        for (BindableService service : services) {
            builder.addService(service);
        }
        builder.intercept(
                new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        @Nullable String said =
                                headers.get(
                                        Metadata.Key.of(
                                                "authorization", Metadata.ASCII_STRING_MARSHALLER));
                        authorizations.add(said == null ? "" : said);
                        return next.startCall(call, headers);
                    }
                });
        server = builder.build().start();
    }

    /** Calls what {@code --server} names instead; each change has an id of its own. */
    public CommandRun overTheNetwork() {
        dial = Dialer::dial;
        requestIds = UUID::randomUUID;
        return this;
    }

    CommandRun withEnvironment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    CommandRun withHome(Path folder) {
        home = folder;
        return this;
    }

    public CommandRun withInput(String text) {
        input = text;
        return this;
    }

    public Result run(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode = CommandTree.run(surroundings(out, err), args);
        return new Result(exitCode, out.toString(), err.toString());
    }

    /** Surroundings of a command that is not run. */
    Surroundings surroundings() {
        return surroundings(new StringWriter(), new StringWriter());
    }

    private Surroundings surroundings(StringWriter out, StringWriter err) {
        return new Surroundings(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                // as standard output is: what nobody flushes is lost
                new PrintWriter(new BufferedWriter(out), true),
                new PrintWriter(new BufferedWriter(err), true),
                environment,
                home,
                InstantSource.fixed(NOW),
                requestIds,
                dial);
    }

    private ManagedChannel inThisProcess(Target target) {
        dialled.add(target);
        return InProcessChannelBuilder.forName(serverName()).directExecutor().build();
    }

    /** The header of each call, in order; empty where there was none. */
    List<String> authorizations() {
        return authorizations;
    }

    List<Target> dialled() {
        return dialled;
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private String serverName() {
        return "cli-" + System.identityHashCode(this);
    }
}
