package dev.sluice.control.xds;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.control.change.SpiffeId;
import dev.sluice.control.change.spec.NodeSpec;

/**
 * What a node's certificate must say before the node is believed to be who it says. Immutable.
 *
 * <p>A certificate that leads to the right authority lets a node in; without a rule any node may
 * then speak for any service.
 */
public sealed interface NodeProof {
    /** Whoever the listener lets in is believed. */
    record Believed() implements NodeProof {}

    /**
     * The SPIFFE ID of the certificate names what the node says that it is.
     *
     * @param template such as {@code spiffe://corp.example/ns/shop/sa/{service}}: {@code {service}}
     *     stands for the id of the node's service, {@code {node}} for the node's own
     */
    record BySpiffeId(String template) implements NodeProof {
        /** The ID that a node's certificate must hold; empty for a node without what it names. */
        String of(NodeSpec node) {
            return template.replace("{node}", node.name().id())
                    .replace("{service}", node.service().map(service -> service.id()).orElse(""));
        }
    }

    /** Reads a rule. */
    static Parsed<NodeProof> parse(String template) {
        boolean names = template.contains("{service}") || template.contains("{node}");
        return names && SpiffeId.isOne(template.replaceAll("\\{(service|node)}", "x"))
                ? Parsed.ok(new BySpiffeId(template))
                : Parsed.refused(
                        new Problem(
                                "--xds-node-spiffe",
                                Problem.quote(template),
                                "spiffe://TRUST-DOMAIN/PATH with {service} or {node} in its path",
                                "write what your certificates hold"));
    }
}
