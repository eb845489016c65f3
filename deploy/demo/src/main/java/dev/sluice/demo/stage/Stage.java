package dev.sluice.demo.stage;

import dev.sluice.contract.decide.Baggage;
import dev.sluice.contract.decide.CarriedDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.demo.load.Call;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Everything that runs in one act, each in a process of its own: PostgreSQL, two versions of two
 * services with a sidecar beside each, an edge sidecar where users come in, and the control plane.
 * Closing it ends all of them.
 */
public final class Stage implements AutoCloseable {
    private static final String EDGE_ADDRESS = "127.0.0.1";

    private final Path folder;
    private final Ports ports;
    private final Consumer<String> progress;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    private Stage(Path folder, Ports ports, Consumer<String> progress) {
        this.folder = folder;
        this.ports = ports;
        this.progress = progress;
    }

    /**
     * An empty stage.
     *
     * @param folder for state and logs; made if absent
     * @param progress is told each thing that starts
     */
    public static Stage prepare(Path folder, Consumer<String> progress) throws IOException {
        Files.createDirectories(folder.resolve("logs"));
        return new Stage(folder, Ports.choose(), progress);
    }

    /** Starts PostgreSQL. */
    public RunningDatabase startDatabase() throws IOException {
        Database database = keep(Database.start());
        progress.accept("PostgreSQL on a free port, from embedded binaries");
        return new RunningDatabase(database.pool(), database.url());
    }

    /**
     * A database that runs.
     *
     * @param pool for this process
     * @param url for others
     */
    public record RunningDatabase(DataSource pool, String url) {}

    /**
     * Starts the four services.
     *
     * @param nameFormat which build of the new {@code customers}: {@code sound} or {@code
     *     forgets-single-names}
     */
    public void startServices(String databaseUrl, String nameFormat)
            throws IOException, InterruptedException {
        List<JavaProcess> services = new ArrayList<>();
        for (Place place : Place.ALL) {
            services.add(
                    keep(
                            JavaProcess.start(
                                    place.name(),
                                    folder.resolve("logs"),
                                    96,
                                    "ready",
                                    List.of(
                                            "dev.sluice.demo.shop.ShopMain",
                                            place.service(),
                                            place.version(),
                                            place.address() + ":" + ports.application(),
                                            databaseUrl,
                                            place.service().equals("customers")
                                                    ? nameFormat
                                                    : "http://"
                                                            + place.address()
                                                            + ":"
                                                            + ports.customers()))));
        }
        for (JavaProcess service : services) {
            service.awaitReady();
        }
        progress.accept("customers and orders, legacy and new: 4 processes");
    }

    /** Starts the control plane and tells it of the shop. */
    public Control startControl(String salt) throws IOException, InterruptedException {
        Path state = folder.resolve("control");
        People people = People.hired();
        Path users = folder.resolve("users.yaml");
        people.write(users);
        JavaProcess control =
                keep(
                        JavaProcess.start(
                                "control",
                                folder.resolve("logs"),
                                192,
                                "sluice control ready",
                                List.of(
                                        "dev.sluice.control.boot.Main",
                                        "--listen",
                                        "127.0.0.1:" + ports.admin(),
                                        "--xds-listen",
                                        "127.0.0.1:" + ports.xds(),
                                        "--web-listen",
                                        "127.0.0.1:" + ports.web(),
                                        "--users",
                                        users.toString(),
                                        "--state",
                                        state.toString())));
        control.awaitReady();
        AdminApi api = keep(AdminApi.at(ports.admin(), state));
        new Catalog(api, ports, salt).create();
        progress.accept("control plane; status page on http://127.0.0.1:" + ports.web() + "/");
        return new Control(api, people, ports.admin(), state);
    }

    /** Starts the sidecars and waits until each has all its configuration and gates. */
    public void startSidecars() throws IOException, InterruptedException {
        List<JavaProcess> sidecars = new ArrayList<>();
        sidecars.add(startSidecar("edge", Bootstrap.Beside.edge("edge")));
        for (Place place : Place.ALL) {
            sidecars.add(startSidecar(place.name(), place.beside()));
        }
        for (JavaProcess sidecar : sidecars) {
            sidecar.awaitReady();
        }
        progress.accept("a sidecar beside each service and one at the edge: 5 processes");
    }

    private JavaProcess startSidecar(String node, Bootstrap.Beside beside) throws IOException {
        Path file = folder.resolve(node + ".yaml");
        Bootstrap bootstrap =
                new Bootstrap(
                        node,
                        beside,
                        Bootstrap.Protocol.DELTA_GRPC,
                        ports.proxyAdmin(),
                        ports.xds());
        Files.writeString(file, bootstrap.yaml());
        return keep(
                JavaProcess.start(
                        "sidecar-" + node,
                        folder.resolve("logs"),
                        64,
                        "sluice proxy ready",
                        List.of(
                                "dev.sluice.proxy.boot.Main",
                                "-c",
                                file.toString(),
                                "--state",
                                folder.resolve("sidecar-" + node).toString(),
                                "--event-loops",
                                "1")));
    }

    /** Where users come in. */
    public Call.Edge edge() {
        return new Call.Edge(
                URI.create("http://" + EDGE_ADDRESS + ":" + ports.customers()),
                URI.create("http://" + EDGE_ADDRESS + ":" + ports.orders()));
    }

    /**
     * Starts the new {@code customers} once more, from the repaired build.
     *
     * @return its base address
     */
    public URI startRepaired(String databaseUrl) throws IOException, InterruptedException {
        String address = "127.0.11.3:" + ports.application();
        keep(JavaProcess.start(
                        "customers-repaired",
                        folder.resolve("logs"),
                        96,
                        "ready",
                        List.of(
                                "dev.sluice.demo.shop.ShopMain",
                                "customers",
                                "new",
                                address,
                                databaseUrl,
                                "sound")))
                .awaitReady();
        return URI.create("http://" + address);
    }

    /**
     * Calls one version of every service through its own sidecar, as users will, so that none of
     * them meets a process that has compiled nothing yet.
     *
     * @param control tells the revision of the decisions that such calls carry
     * @param version {@code legacy} or {@code new}
     */
    public void warmUp(AdminApi control, String version) throws IOException, InterruptedException {
        GateRevision revision = control.revision("customers");
        for (Place place : Place.ALL) {
            if (place.version().equals(version)) {
                URI sidecar = URI.create("http://" + place.address() + ":" + ports.inbound());
                new WarmUp(sidecar, place.service(), decided(place, revision)).run();
            }
        }
        progress.accept(
                "warmed up: " + WarmUp.CALLS + " calls to each service's " + version + " version");
    }

    private static String decided(Place place, GateRevision revision) {
        CarriedDecision decision =
                new CarriedDecision(
                        Catalog.GATE_SET,
                        Optional.of(revision),
                        place.version().equals("new") ? Mode.COMPLETE : Mode.OFF,
                        OptionalInt.empty());
        return Baggage.write(List.of(), List.of(decision)).lines().getFirst();
    }

    /** A version itself, past all sidecars. */
    public URI application(String service, String version) {
        Place place =
                Place.ALL.stream()
                        .filter(candidate ->
                                candidate.service().equals(service)
                                        && candidate.version().equals(version))
                        .findFirst()
                        .orElseThrow();
        return URI.create("http://" + place.address() + ":" + ports.application());
    }

    private <T extends AutoCloseable> T keep(T started) {
        running.push(started);
        return started;
    }

    /** Ends everything, last started first. */
    @Override
    public void close() throws IOException {
        boolean interrupted = Thread.interrupted(); // ending takes waiting, also when told to hurry
        IOException failure = null;
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                failure = new IOException("could not end everything: " + e.getMessage(), e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
    }
}
