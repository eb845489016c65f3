package dev.sluice.e2e.simulation;

import dev.sluice.proxy.gate.GateTable;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.HashMap;
import java.util.Map;

/** Shows a wiring the answers of a stream of gates, and those that were refused. */
final class Tap implements ClientInterceptor {
    private final Wiring wiring;
    private final GateTable table;

    Tap(Wiring wiring, GateTable table) {
        this.wiring = wiring;
        this.table = table;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
            MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        ClientCall<Q, A> call = next.newCall(method, options);
        if (!"DeltaGates".equals(method.getBareMethodName())) {
            return call;
        }
        Map<String, DeltaDiscoveryResponse> answers = new HashMap<>();
        return new SimpleForwardingClientCall<>(call) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                super.start(
                        new SimpleForwardingClientCallListener<>(listener) {
                            @Override
                            public void onMessage(A message) {
                                if (message instanceof DeltaDiscoveryResponse gates) {
                                    answers.put(gates.getNonce(), gates);
                                    wiring.comes(table, gates);
                                }
                                super.onMessage(message);
                            }
                        },
                        headers);
            }

            @Override
            public void sendMessage(Q message) {
                super.sendMessage(message);
                if (message instanceof DeltaDiscoveryRequest said && said.hasErrorDetail()) {
                    DeltaDiscoveryResponse answer = answers.get(said.getResponseNonce());
                    if (answer != null) {
                        wiring.refused(table, answer);
                    }
                }
            }
        };
    }
}
