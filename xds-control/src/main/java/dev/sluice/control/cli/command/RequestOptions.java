package dev.sluice.control.cli.command;

import com.google.protobuf.ByteString;
import dev.sluice.admin.v1.EvaluateGateRequest;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Trouble;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The request whose decision is asked for. Filled once by the parser. */
final class RequestOptions {
    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Bucketing key. Default: taken from the request that the rest says")
    private @Nullable String key;

    @Option(names = "--method", paramLabel = "METHOD", description = "Default: GET")
    private String method = "GET";

    @Option(names = "--path", paramLabel = "PATH", description = "With query. Default: /")
    private String path = "/";

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME:VALUE",
            description = "A request header; repeatable")
    private List<String> headers = List.of();

    @Option(
            names = "--client-identity",
            paramLabel = "ID",
            description = "As a verified client certificate would say it")
    private String clientIdentity = "";

    @Option(names = "--peer", paramLabel = "ADDRESS", description = "IP address of the peer")
    private String peer = "";

    @Option(
            names = "--class",
            paramLabel = "CLASS",
            description = {
                "What the request does to data, which counts where a write authority is in force.",
                "One of: ${COMPLETION-CANDIDATES}. Default: READ"
            })
    private OperationClass operationClass = OperationClass.READ;

    EvaluateGateRequest question(String gate) {
        var question =
                EvaluateGateRequest.newBuilder()
                        .setName(gate)
                        .setMethod(method)
                        .setPath(path)
                        .setClientIdentity(clientIdentity)
                        .setPeerAddress(peer)
                        .setOperationClass(
                                dev.sluice.gate.v1.OperationClass.valueOf(operationClass.name()));
        if (key != null) {
            question.setKey(ByteString.copyFromUtf8(key));
        }
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new Trouble(
                        ExitCode.INVALID, "-H", "'" + header + "'", "NAME:VALUE", "add a colon");
            }
            question.addHeaders(
                    EvaluateGateRequest.Header.newBuilder()
                            .setName(header.substring(0, colon).strip())
                            .setValue(header.substring(colon + 1).strip()));
        }
        return question.build();
    }
}
