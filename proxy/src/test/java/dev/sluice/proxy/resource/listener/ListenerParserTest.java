package dev.sluice.proxy.resource.listener;

import static dev.sluice.proxy.resource.YamlResources.ADDRESS;
import static dev.sluice.proxy.resource.YamlResources.TCP;
import static dev.sluice.proxy.resource.YamlResources.proto;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.ResourceParsers;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenerParserTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: l} | address | no socket_address",
                "{name: l, ADDRESS} | filter_chains | no filter chain",
                "{name: l, ADDRESS, filter_chains: [{}]} | filter_chains[0].filters | 0 network filters",
                "{name: l, ADDRESS, filter_chains: [{filters: [{name: tcp, typed_config: {'@type': t/acme.Tcp}}]}]} | filter_chains[0].filters[0].typed_config | type acme.Tcp",
                "{name: l, ADDRESS, filter_chains: [{filter_chain_match: {server_names: ['a.*']}}]} | filter_chains[0].filter_chain_match.server_names[0] | 'a.*'",
                "{name: l, ADDRESS, filter_chains: [{filter_chain_match: {transport_protocol: quic}}]} | filter_chains[0].filter_chain_match.transport_protocol | 'quic'",
                "{name: l, ADDRESS, filter_chains: [{filter_chain_match: {source_prefix_ranges: [{address_prefix: a}]}}]} | filter_chains[0].filter_chain_match.source_prefix_ranges[0].address_prefix | 'a'",
                "{name: l, ADDRESS, filter_chains: [{filter_chain_match: {address_suffix: a}}]} | filter_chains[0].filter_chain_match.address_suffix | field address_suffix",
                "{name: l, ADDRESS, filter_chains: [TCP, TCP]} | filter_chains[1].filter_chain_match | the match of an earlier filter chain",
                "{name: l, ADDRESS, listener_filters: [{name: f}]} | listener_filters[0] | 'f' without typed_config",
                "{name: l, ADDRESS, listener_filters: [{name: f, typed_config: {'@type': t/acme.F}}]} | listener_filters[0].typed_config | type acme.F",
                "{name: l, ADDRESS, filter_chains: [{filters: [{name: tcp, typed_config: {'@type': t/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy}}]}]} | filter_chains[0].filters[0].typed_config | no cluster",
                "{name: l, ADDRESS, filter_chains: [{filters: [{name: tcp, typed_config: {'@type': t/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, weighted_clusters: {clusters: [{name: a}]}}}]}]} | filter_chains[0].filters[0].typed_config.weighted_clusters.clusters[0].weight | 0",
                "{name: l, address: {socket_address: {address: a.local, port_value: 1}}} | address.socket_address.address | 'a.local'",
                "{name: l, address: {socket_address: {protocol: UDP, address: 1.2.3.4, port_value: 1}}} | address.socket_address.protocol | UDP",
            },
            quoteCharacter = '`')
    void refuses_a_listener_at_the_path_of_its_problem(String listener, String path, String got) {
        List<Problem> problems =
                ResourceParsers.listener(
                                proto(
                                        listener.replace("ADDRESS", ADDRESS)
                                                .replace("TCP,", TCP + ",")
                                                .replace("TCP]", TCP + "]"),
                                        Listener.getDefaultInstance()))
                        .problems();

        assertThat(problems)
                .as("problems of %s", listener)
                .anySatisfy(problem -> {
                    assertThat(problem.path()).isEqualTo(path);
                    assertThat(problem.got()).startsWith(got);
                });
    }
}
