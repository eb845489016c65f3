package dev.sluice.control.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options of {@code sluice control}, as text. Filled once by the parser, then only read. */
@Command(
        name = "sluice control",
        mixinStandardHelpOptions = true,
        version = "sluice 0.1.0",
        description = "Runs a control plane until it is told to stop (SIGTERM).",
        footer = {
            "",
            "Each option has a variable, such as SLUICE_XDS_LISTEN for --xds-listen; options win.",
            "To check, export or sign its log: sluice control audit --help",
            "Exit codes: 143 stopped by SIGTERM, 1 could not start, 2 wrong settings."
        })
final class ControlCommand {
    static final String DEFAULT_ADMIN = "127.0.0.1:9720";
    static final String DEFAULT_XDS = "127.0.0.1:9721";
    static final String DEFAULT_NOTIFY_SOURCE = "urn:sluice:control";
    static final String DEFAULT_CHECKPOINT_EVERY = "10m";
    static final String DEFAULT_WEB = "127.0.0.1:9722";

    @Option(
            names = "--listen",
            paramLabel = "IP:PORT",
            description = "Admin API. Default: " + DEFAULT_ADMIN)
    String listen = "";

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "Certificate chain of the admin API, PEM. Needed beyond loopback")
    String tlsCert = "";

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, PEM")
    String tlsKey = "";

    @Option(
            names = "--client-ca",
            paramLabel = "FILE",
            description =
                    "What client certificates at the admin API must lead to, PEM; they may stand"
                            + " for a token. Default: none is asked for")
    String clientCa = "";

    @Option(
            names = "--xds-listen",
            paramLabel = "IP:PORT",
            description = "Where nodes connect. Default: " + DEFAULT_XDS)
    String xdsListen = "";

    @Option(
            names = "--xds-tls-cert",
            paramLabel = "FILE",
            description = "Certificate chain for nodes, PEM. Needed beyond loopback")
    String xdsTlsCert = "";

    @Option(names = "--xds-tls-key", paramLabel = "FILE", description = "Its private key, PEM")
    String xdsTlsKey = "";

    @Option(
            names = "--xds-client-ca",
            paramLabel = "FILE",
            description =
                    "What certificates of nodes must lead to, PEM. Default: none is asked for")
    String xdsClientCa = "";

    @Option(
            names = "--xds-node-spiffe",
            paramLabel = "TEMPLATE",
            description =
                    "SPIFFE ID that a node's certificate must hold, {service} or {node} standing for"
                            + " what the node says. Default: any certificate that --xds-client-ca"
                            + " lets in")
    String xdsNodeSpiffe = "";

    @Option(
            names = "--web-listen",
            paramLabel = "IP:PORT",
            description = "Status page, or `off`. Default: " + DEFAULT_WEB)
    String webListen = "";

    @Option(
            names = "--state",
            paramLabel = "FOLDER",
            description = "Log and token. Default: ~/.sluice/control")
    String state = "";

    @Option(
            names = "--store",
            paramLabel = "URL",
            description =
                    "jdbc:postgresql://HOST:PORT/DATABASE for the log. Default: a SQLite file in the"
                            + " state folder")
    String store = "";

    @Option(names = "--store-user", paramLabel = "NAME", description = "User of that database")
    String storeUser = "";

    @Option(
            names = "--store-password-file",
            paramLabel = "FILE",
            description = "File with its password in the first line")
    String storePasswordFile = "";

    @Option(
            names = "--advertise",
            paramLabel = "HOST:PORT",
            description =
                    "Where other replicas on the same store reach the admin API. Default: where it"
                            + " listens")
    String advertise = "";

    @Option(
            names = "--replica-ca",
            paramLabel = "FILE",
            description =
                    "What certificates of other replicas must lead to, PEM. Default: what the system"
                            + " trusts")
    String replicaCa = "";

    @Option(
            names = "--users",
            paramLabel = "FILE",
            description =
                    "Users with their roles and OpenID providers, YAML or JSON, read at start."
                            + " Default: only who has the token of the state folder")
    String users = "";

    @Option(
            names = "--notify-allow",
            split = ",",
            paramLabel = "ORIGIN",
            description =
                    "Where sinks may go: https://HOST, http://HOST or smtp://HOST, with :PORT unless"
                            + " it is 443, 80 or 587. Default: nowhere")
    List<String> notifyAllow = new ArrayList<>();

    @Option(
            names = "--notify-ca",
            paramLabel = "FILE",
            description =
                    "What certificates of sinks must lead to, PEM. Default: what the system trusts")
    String notifyCa = "";

    @Option(
            names = "--notify-source",
            paramLabel = "URI",
            description =
                    "What notifications call this control plane. Default: " + DEFAULT_NOTIFY_SOURCE)
    String notifySource = "";

    @Option(
            names = "--query-allow",
            split = ",",
            paramLabel = "ORIGIN",
            description =
                    "Metrics servers that ramps may ask: https://HOST or http://HOST, with :PORT"
                            + " unless it is 443 or 80. Default: none")
    List<String> queryAllow = new ArrayList<>();

    @Option(
            names = "--query-ca",
            paramLabel = "FILE",
            description =
                    "What certificates of metrics servers must lead to, PEM. Default: what the"
                            + " system trusts")
    String queryCa = "";

    @Option(
            names = "--backups",
            paramLabel = "FOLDER",
            description =
                    "Where backups go that are asked for over the API. Default: backups in the state"
                            + " folder")
    String backups = "";

    @Option(
            names = "--checkpoints",
            paramLabel = "FOLDER",
            description =
                    "Where signed checkpoints of the log go, one file each; a disk that who can write"
                            + " the log can't change. Default: nowhere")
    String checkpoints = "";

    @Option(
            names = "--checkpoint-url",
            paramLabel = "URL",
            description =
                    "Where each is posted as well, with the secret `checkpoint` as bearer token where"
                            + " there is one. Default: nowhere")
    String checkpointUrl = "";

    @Option(
            names = "--checkpoint-key",
            paramLabel = "FILE",
            description = "Private key that signs them, PEM (PKCS #8, Ed25519)")
    String checkpointKey = "";

    @Option(
            names = "--checkpoint-every",
            paramLabel = "TIME",
            description =
                    "How often, when there was an event: 1m..7d. Default: "
                            + DEFAULT_CHECKPOINT_EVERY)
    String checkpointEvery = "";

    @Option(
            names = "--secrets",
            paramLabel = "FOLDER",
            description =
                    "One file for each secret that a sink or query names. A variable SLUICE_SECRET_NAME wins."
                            + " Default: variables only")
    String secrets = "";

    /** Variables that are secrets. */
    Map<String, String> secretVariables = Map.of();

    @Option(
            names = "--allow-cleartext",
            split = ",",
            paramLabel = "LISTENER",
            description =
                    "Lets `xds` or `web` listen beyond loopback in the clear, for closed networks;"
                            + " the admin API never does")
    List<String> allowCleartext = new ArrayList<>();

    @Option(
            names = "--restored",
            description =
                    "The log was put back from a backup: raises the epoch, so that nodes take it")
    boolean restored;

    /** Fills what was not given from the environment. */
    void fillFrom(Map<String, String> environment) {
        listen = given(listen, environment, "SLUICE_LISTEN");
        tlsCert = given(tlsCert, environment, "SLUICE_TLS_CERT");
        tlsKey = given(tlsKey, environment, "SLUICE_TLS_KEY");
        clientCa = given(clientCa, environment, "SLUICE_CLIENT_CA");
        xdsListen = given(xdsListen, environment, "SLUICE_XDS_LISTEN");
        xdsTlsCert = given(xdsTlsCert, environment, "SLUICE_XDS_TLS_CERT");
        xdsTlsKey = given(xdsTlsKey, environment, "SLUICE_XDS_TLS_KEY");
        xdsClientCa = given(xdsClientCa, environment, "SLUICE_XDS_CLIENT_CA");
        xdsNodeSpiffe = given(xdsNodeSpiffe, environment, "SLUICE_XDS_NODE_SPIFFE");
        webListen = given(webListen, environment, "SLUICE_WEB_LISTEN");
        state = given(state, environment, "SLUICE_STATE");
        store = given(store, environment, "SLUICE_STORE");
        storeUser = given(storeUser, environment, "SLUICE_STORE_USER");
        storePasswordFile = given(storePasswordFile, environment, "SLUICE_STORE_PASSWORD_FILE");
        advertise = given(advertise, environment, "SLUICE_ADVERTISE");
        replicaCa = given(replicaCa, environment, "SLUICE_REPLICA_CA");
        users = given(users, environment, "SLUICE_USERS");
        notifySource = given(notifySource, environment, "SLUICE_NOTIFY_SOURCE");
        notifyCa = given(notifyCa, environment, "SLUICE_NOTIFY_CA");
        queryCa = given(queryCa, environment, "SLUICE_QUERY_CA");
        backups = given(backups, environment, "SLUICE_BACKUPS");
        checkpoints = given(checkpoints, environment, "SLUICE_CHECKPOINTS");
        checkpointUrl = given(checkpointUrl, environment, "SLUICE_CHECKPOINT_URL");
        checkpointKey = given(checkpointKey, environment, "SLUICE_CHECKPOINT_KEY");
        checkpointEvery = given(checkpointEvery, environment, "SLUICE_CHECKPOINT_EVERY");
        secrets = given(secrets, environment, "SLUICE_SECRETS");
        secretVariables = new TreeMap<>(environment);
        secretVariables.keySet().removeIf(name -> !name.startsWith("SLUICE_SECRET_"));
        String origins = environment.getOrDefault("SLUICE_NOTIFY_ALLOW", "");
        if (notifyAllow.isEmpty() && !origins.isEmpty()) {
            notifyAllow = List.of(origins.split(","));
        }
        String servers = environment.getOrDefault("SLUICE_QUERY_ALLOW", "");
        if (queryAllow.isEmpty() && !servers.isEmpty()) {
            queryAllow = List.of(servers.split(","));
        }
        String cleartext = environment.getOrDefault("SLUICE_ALLOW_CLEARTEXT", "");
        if (allowCleartext.isEmpty() && !cleartext.isEmpty()) {
            allowCleartext = List.of(cleartext.split(","));
        }
    }

    private static String given(String option, Map<String, String> environment, String variable) {
        return option.isEmpty() ? environment.getOrDefault(variable, "") : option;
    }
}
