package dev.sluice.contract.decide;

import com.google.protobuf.TextFormat;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateParser;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.OperationClass;

/** Gates for tests, written in protobuf's text format. */
final class Gates {
    static final Operation READ = new Operation("get", OperationClass.READ);
    static final Operation WRITE = new Operation("put", OperationClass.UNSAFE_WRITE);

    /** A gate over the header x-user; what is given is merged over it. */
    static final String ORDERS =
            """
            name: "gates/orders" revision { epoch: 1 number: 42 }
            legacy_cluster: "old" new_cluster: "new" store_kind: SHARED from: OFF to: COMPLETE
            bucketing { salt: "orders-v2" key { header: "x-user" } legacy {} }
            """;

    /** The gate {@link #ORDERS} while it moves the write authority of two stores. */
    static final String WRITES =
            ORDERS + "contract_version: 3 store_kind: SEPARATE from: SHADOW to: LIVE ";

    private Gates() {}

    /** A gate whose writes are NEW's below this, with these fields over its own. */
    static Gate writes(int newBelow, String fields) {
        return parse(WRITES + "write_authority { new_below_ppm: " + newBelow + " } " + fields);
    }

    /** The gate {@link #ORDERS} with these fields over its own. */
    static Gate orders(String fields) {
        return parse(ORDERS + fields);
    }

    static Gate orders(int share) {
        return orders("share_ppm: " + share);
    }

    static Gate parse(String text) {
        return GateParser.parse(proto(text)).orThrow();
    }

    static dev.sluice.gate.v1.Gate proto(String text) {
        dev.sluice.gate.v1.Gate.Builder proto = dev.sluice.gate.v1.Gate.newBuilder();
        try {
            TextFormat.Parser.newBuilder()
                    .setSingularOverwritePolicy(
                            TextFormat.Parser.SingularOverwritePolicy.ALLOW_SINGULAR_OVERWRITES)
                    .build()
                    .merge(text, proto);
        } catch (TextFormat.ParseException bad) {
            throw new AssertionError(bad);
        }
        return proto.build();
    }
}
