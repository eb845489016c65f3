package dev.sluice.control.boot;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.access.UsersFile;
import dev.sluice.control.store.PostgresAddress;
import dev.sluice.control.store.SqliteEventStore.History;
import dev.sluice.control.xds.NodeProof;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Turns options into settings, or tells everything that is wrong with them. For one reading. */
final class SettingsReader {
    private static final String XDS = "xds";
    private static final String WEB = "web";
    private static final int LAST_PORT = 65_535;

    private final ControlCommand options;
    private final Problems problems = Problems.root();

    private SettingsReader(ControlCommand options) {
        this.options = options;
    }

    /**
     * @param home folder of the user, for the default of the state folder
     */
    static Parsed<Settings> read(ControlCommand options, Path home) {
        return new SettingsReader(options).settings(home);
    }

    private Parsed<Settings> settings(Path home) {
        for (String listener : options.allowCleartext) {
            if (!List.of(XDS, WEB).contains(listener)) {
                problems.field("--allow-cleartext")
                        .add(Problem.quote(listener), "xds or web", "correct the name");
            }
        }
        Optional<Tls> adminTls =
                tls("--tls", options.tlsCert, options.tlsKey, "--client-ca", options.clientCa);
        Optional<Tls> xdsTls =
                tls(
                        "--xds-tls",
                        options.xdsTlsCert,
                        options.xdsTlsKey,
                        "--xds-client-ca",
                        options.xdsClientCa);
        NodeProof proof = nodeProof();
        Optional<InetSocketAddress> admin =
                listener("--listen", options.listen, ControlCommand.DEFAULT_ADMIN)
                        .filter(address -> isPrivate("--listen", address, adminTls.isPresent()));
        Optional<InetSocketAddress> xds =
                listener("--xds-listen", options.xdsListen, ControlCommand.DEFAULT_XDS)
                        .filter(address ->
                                isPrivate(
                                        "--xds-listen",
                                        address,
                                        xdsTls.isPresent()
                                                || options.allowCleartext.contains(XDS)));
        boolean off = options.webListen.equals("off");
        Optional<InetSocketAddress> web =
                off
                        ? Optional.empty()
                        : listener("--web-listen", options.webListen, ControlCommand.DEFAULT_WEB)
                                .filter(address ->
                                        isPrivate(
                                                "--web-listen",
                                                address,
                                                options.allowCleartext.contains(WEB)));
        Path state =
                options.state.isEmpty()
                        ? home.resolve(".sluice").resolve("control")
                        : Path.of(options.state);
        UsersFile.Contents users =
                options.users.isEmpty()
                        ? UsersFile.Contents.NOBODY
                        : problems.field("--users")
                                .take(UsersFile.read(Path.of(options.users)))
                                .orElse(UsersFile.Contents.NOBODY);
        Optional<PostgresAddress> database = database();
        Optional<String> advertised = advertised(admin);
        Optional<Path> replicaCa =
                Optional.of(options.replicaCa).filter(it -> !it.isEmpty()).map(Path::of);
        replicaCa.ifPresent(file -> readable("--replica-ca", file.toString()));
        Outward outward = Outward.read(options, problems);
        Inquiry inquiry = Inquiry.read(options, outward.secrets(), problems);
        Optional<CheckpointSettings> checkpoints = CheckpointSettings.read(options, problems);
        return problems.finish(() ->
                new Settings(
                        admin.orElseThrow(),
                        adminTls,
                        xds.orElseThrow(),
                        xdsTls,
                        proof,
                        web,
                        state.toAbsolutePath().normalize(),
                        database.map(at -> new SharedStore(at, advertised, replicaCa)),
                        users,
                        outward,
                        inquiry,
                        (options.backups.isEmpty()
                                        ? state.resolve("backups")
                                        : Path.of(options.backups))
                                .toAbsolutePath()
                                .normalize(),
                        checkpoints,
                        options.restored ? History.RESTORED : History.CONTINUED));
    }

    private Optional<PostgresAddress> database() {
        if (options.store.isEmpty()) {
            return Optional.empty();
        }
        return problems.take(
                PostgresAddress.read(
                        options.store,
                        options.storeUser,
                        options.storePasswordFile.isEmpty()
                                ? Optional.empty()
                                : Optional.of(Path.of(options.storePasswordFile))));
    }

    private NodeProof nodeProof() {
        if (options.xdsNodeSpiffe.isEmpty()) {
            return new NodeProof.Believed();
        }
        if (options.xdsClientCa.isEmpty()) {
            problems.field("--xds-node-spiffe")
                    .add(
                            "no --xds-client-ca",
                            "certificates to find the SPIFFE ID in",
                            "give --xds-client-ca too");
        }
        return problems.take(NodeProof.parse(options.xdsNodeSpiffe))
                .orElse(new NodeProof.Believed());
    }

    private Optional<String> advertised(Optional<InetSocketAddress> admin) {
        boolean everywhere = admin.filter(it -> it.getAddress().isAnyLocalAddress()).isPresent();
        if (options.advertise.isEmpty() && everywhere && !options.store.isEmpty()) {
            problems.field("--advertise")
                    .add("nothing", "HOST:PORT", "say where other replicas reach this one");
        } else if (!options.advertise.isEmpty() && !options.advertise.matches(".+:[0-9]{1,5}")) {
            problems.field("--advertise")
                    .add(Problem.quote(options.advertise), "HOST:PORT", "correct the address");
        }
        return options.advertise.isEmpty() ? Optional.empty() : Optional.of(options.advertise);
    }

    private Optional<InetSocketAddress> listener(String option, String given, String byDefault) {
        String text = given.isEmpty() ? byDefault : given;
        int colon = text.lastIndexOf(':');
        Optional<InetAddress> host = colon < 1 ? Optional.empty() : host(text.substring(0, colon));
        Optional<Integer> port = colon < 1 ? Optional.empty() : port(text.substring(colon + 1));
        if (host.isEmpty() || port.isEmpty()) {
            problems.field(option)
                    .add(
                            Problem.quote(text),
                            "IP:PORT, port 0..65535, such as " + byDefault,
                            "give an address of this machine");
            return Optional.empty();
        }
        return Optional.of(new InetSocketAddress(host.get(), port.get()));
    }

    private static Optional<InetAddress> host(String text) {
        if (text.equals("localhost")) {
            return Optional.of(InetAddress.getLoopbackAddress());
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Integer> port(String text) {
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= LAST_PORT
                ? Optional.of(Integer.parseInt(text))
                : Optional.empty();
    }

    private boolean isPrivate(String option, InetSocketAddress address, boolean allowed) {
        if (address.getAddress().isLoopbackAddress() || allowed) {
            return true;
        }
        String remedy =
                switch (option) {
                    case "--listen" -> "give --tls-cert and --tls-key, or a loopback address";
                    case "--xds-listen" ->
                            "give --xds-tls-cert and --xds-tls-key, or a loopback address, or in a"
                                    + " closed network --allow-cleartext xds";
                    default ->
                            "put a server with TLS before it, or in a closed network"
                                    + " --allow-cleartext web";
                };
        problems.field(option)
                .add(
                        address.getAddress().getHostAddress() + " in the clear",
                        "TLS, or an address that only this machine reaches",
                        remedy);
        return false;
    }

    private Optional<Tls> tls(
            String option, String certificate, String key, String caOption, String clientCa) {
        if (certificate.isEmpty() && key.isEmpty() && clientCa.isEmpty()) {
            return Optional.empty();
        }
        readable(option + "-cert", certificate);
        readable(option + "-key", key);
        if (!clientCa.isEmpty()) {
            readable(caOption, clientCa);
        }
        return Optional.of(
                new Tls(
                        Path.of(certificate),
                        Path.of(key),
                        clientCa.isEmpty() ? Optional.empty() : Optional.of(Path.of(clientCa))));
    }

    private void readable(String option, String file) {
        if (file.isEmpty() || !Files.isReadable(Path.of(file))) {
            problems.field(option)
                    .add(
                            file.isEmpty() ? "nothing" : Problem.quote(file),
                            "a readable PEM file",
                            "certificate and key belong together; check the path");
        }
    }
}
