package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options that each mean something, and nothing together; as Suricata refuses them. */
class RuleRefusalTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http       | http.uri; content:\"a\"; dsize:>5;             | dsize, which is of packets",
                "tcp        | flags:PA; content:\"a\"; http_uri;             | flags, which is of packets",
                "tcp        | tls.sni; content:\"a\"; ttl:64;                | ttl, which is of packets",
                "tcp        | http.uri; content:\"a\"; tcp.hdr; content:\"a\"; | tcp.hdr, which is of packets",
                "http       | flow:no_stream; http.uri; content:\"a\";       | flow, which is of packets",
                "tcp-pkt    | http.uri; content:\"a\";                       | tcp-pkt, which is of packets",
                "tcp-stream | content:\"a\"; dsize:>5;                       | dsize in a rule of streams",
                "tcp        | flow:only_stream; flags:A; content:\"a\";      | flags in a rule of streams",
                "tcp-pkt    | flow:only_stream; content:\"a\";               | tcp-pkt in a rule of streams",
                "http       | http.uri; content:\"a\"; http_header;          | another is chosen before it",
                "http       | http.header; uricontent:\"a\";                 | another is chosen before it",
                "http       | http.header; pcre:\"/a/U\";                    | another is chosen before it",
                "http       | http.method; http.uri; content:\"a\";          | http.method: nothing is asked",
                "tcp        | http.uri; content:\"a\"; dns.query; content:\"a\"; | of dns in a rule of http",
                "http       | app-layer-protocol:tls;                        | names a protocol before it",
                "tcp        | pcre:\"/a/R\";                                 | R without a match before it",
                "tcp        | flow:established; flow:to_server;              | there is one before it",
                "tcp        | flow:no_frag; flow:to_server;                  | there is one before it",
                "tcp        | flow:established,stateless;                    | stateless beside established",
                "tcp        | flow:to_server,from_client;                    | from_client beside to_server",
                "tcp        | flow:established,;                             | unknown word",
                "tcp        | flow:established,to_server,no_stream,no_frag;  | more than 3 words",
                "tcp        | flowbits:noalert,a;                            | noalert takes no name",
                "tcp        | flowbits:set,a b;                              | a space in the name",
                "tcp        | flowint:a,+,1;                                 | no name of a number",
                "tcp        | flowint:ab,+,-1;                               | no name of a number",
                "tcp        | flowint:ab,+,1,2;                              | expected name, operation",
                "tcp        | xbits:noalert;                                 | expected command, name",
                "tcp        | xbits:set,a,ip_src;                            | expected track",
                "tcp        | xbits:set,a,track ip_src,expire 0;             | expire 0",
                "tcp        | hostbits:set,a,src,b;                          | expected command, name",
                "tcp        | noalert:1;                                     | takes no value",
                "tcp        | content:\"a\"; offset:1; distance:1; | together with offset or depth",
                "tcp        | content:\"a\"; within:5; depth:9; | together with distance or within",
                "tcp        | content:\"a\"; depth:5; depth:6; | one before it for the same",
                "tcp        | content:\"a\"; startswith; depth:1; | one before it for the same",
                "tcp        | content:\"a\"; nocase; nocase; | one before it for the same",
                "tcp        | content:\"a\"; nocase:1; | takes no value",
                "http       | http.uri; to_lowercase; content:\"aB\"; nocase; | has a capital letter",
                "http       | http.uri; to_uppercase; xor:\"01\"; content:\"Ab\"; | has a small letter",
                "http       | http.uri; strip_whitespace; content:\"a b\"; | has white space, which",
                "http       | http.uri; compress_whitespace; content:\"a  b\"; | white space twice",
                "http       | http.uri; content:\"abcd\"; bsize:<3; | longer than bsize lets",
                "http       | http.uri; bsize:1<>3; content:\"abcd\"; | longer than bsize lets",
                "http       | http.uri:\"a\"; content:\"b\"; | takes no value",
                "http       | content:\"b\"; http_uri:\"a\"; | takes no value",
                "tls        | tls.sni:\"a\"; content:\"b\"; | takes no value",
                "http       | http.uri; to_md5:1; content:\"b\"; | takes no value",
                "ip         | sameip:1; | takes no value",
                "tcp        | bypass:1; | takes no value",
                "tcp        | prefilter:1; | takes no value",
                "tcp        | base64_decode; base64_data:1; content:\"b\"; | takes no value",
                "tcp        | base64_decode:bytes 1, bytes 2; base64_data; content:\"b\"; | bytes twice",
                "tcp        | threshold:type limit, track by_src, count 1, count 2, seconds 9; | count twice",
                "tcp        | detection_filter:type limit, track by_src, count 1, seconds 9; | takes no type",
                "tcp        | detection_filter:track by_src, count 0, seconds 9; | a number that is 0",
                "tcp        | detection_filter:track by_src, count 1, seconds 0; | a number that is 0",
                "tcp        | detection_filter:track by_src, count 1, seconds 9; threshold:type limit, track by_src, count 1, seconds 9; | before it",
                "tcp        | threshold:type limit, track by_src, count 1, seconds 9; threshold:type limit, track by_src, count 1, seconds 9; | before it",
                "tcp        | dsize:5; dsize:6; | there is one before it",
                "tcp        | msg:\"b\"; msg:\"c\"; | there is one before it",
                "tcp        | rev:1; rev:2; | there is one before it",
                "tcp        | target:src_ip; target:dest_ip; | both ends",
                "ip         | ip_proto:6; ip_proto:17; | one protocol beside another",
                "ip         | ip_proto:>6; ip_proto:17; | one protocol beside another",
                "tcp        | dsize:<5; content:\"abcdef\"; | needs 6 bytes",
                "tcp        | dsize:5; content:\"abcd\"; offset:2; | needs 6 bytes",
                "tcp        | dsize:3; content:\"a\"; content:\"bc\"; distance:1; | needs 4 bytes",
                "http       | pcre:\"/a/UI\"; | two flags",
                "http       | content:\"x\"; http_uri; pcre:\"/a/R\"; | R without a match",
                "http       | pcre:\"/a/UR\"; | R without a match",
                "tcp        | app-layer-protocol:http,foo; | unknown word foo",
                "icmp       | itype:<0; | no number is <0",
                "icmp       | itype:>255; | no number is >255",
                "udp        | tcp.hdr; content:\"a\"; | tcp.hdr, which packets",
                "tcp        | udp.hdr; content:\"a\"; | udp.hdr, which packets",
                "http       | icmpv4.hdr; content:\"a\"; | icmpv4.hdr, which packets",
                "dns        | filename:\"a\"; | in a rule of dns",
                "ssh        | filesize:>5; | in a rule of ssh",
                "http       | http.host; content:\"Example.com\"; | a capital letter",
                "http       | http.method; content:\"GET \"; | a space at its end",
                "dns        | dns.opcode:256; | within 0 to 255",
                "tcp        | flags:S,12,U; | those ignored",
                "tcp        | content:a; | expected a text in quotes",
                "tcp        | content:\"a\"b\"; | quote within it",
                "tcp        | content:\"a\"; http_uri; http_header; | has its buffer",
                "tcp        | rawbytes; | no content before it",
                "tcp        | byte_jump:1,0; pcre:\"/a/R\"; | R without a match before it",
                "tcp        | byte_jump:1,0,bitmask 0x0f; | unknown word bitmask",
                "tcp        | byte_jump:1,0,dec; | a base without string",
                "tcp        | byte_jump:1,0,from_beginning,from_end; | from_beginning and from_end",
                "tcp        | byte_jump:1,70000; | 65535 either way",
                "tcp        | byte_extract:1,0,v,bitmask 0x0f; | unknown word bitmask",
                "tcp        | byte_extract:1,0,v,align 3; | unknown word align 3",
                "tcp        | byte_extract:1,0,v,relative,relative; | the like was said before",
                "tcp        | byte_extract:1,0,v,string,dec,little; | order of bytes beside string",
                "tcp        | byte_extract:15,0,v,string,hex; | at most 14",
                "tcp        | byte_test:1,=,1,0,; | unknown word",
                "tcp        | byte_math:bytes 5, offset 0, oper <<, rvalue 1, result v; | at most 4 can be shifted",
                "tcp        | byte_math:bytes 1, offset 0, oper +, rvalue -1, result v; | no variable set before",
                "tcp        | byte_math:bytes 1, offset 0, oper +, rvalue 1, result v, endian x; | expected endian big or little",
                "tcp        | ip_proto:6;                                    | not of ip",
                "tcp        | stream-event:wrong_thread;                      | unsupported event",
                "pkthdr     | decode-event:chdlc.pkt_too_small;              | unsupported event",
                "http       | app-layer-event:http.lzma_memlimit_reached;    | unsupported event",
                "tcp        | reference:cve 2020;                            | such as cve,2021-44228",
                "tcp        | reference:cve,;                                | such as cve,2021-44228",
                "tcp        | reference:url,(x);                             | such as cve,2021-44228",
                "tcp        | classtype:trojan activity;                     | such as trojan-activity",
                "tcp        | content:!\"A\"; offset:1; fast_pattern;         | of a negated content",
                "tcp        | content:!\"A\"; startswith; fast_pattern;       | of a negated content",
                "tcp        | content:!\"A\"; fast_pattern:only;              | bound to a place",
                "tcp        | content:\"A\"; depth:9; fast_pattern:only;      | bound to a place",
                "tcp        | content:\"A\"; fast_pattern; content:\"B\"; fast_pattern; | more than one content"
            })
    void saysWhy(String protocol, String options, String why) {
        RuleTraffic traffic =
                RuleTraffic.of("alert %s any any -> any any (%s)".formatted(protocol, options));

        assertEquals(1, traffic.errors().size());
        assertTrue(traffic.errors().get(0).contains(why), traffic.errors().get(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http | http.uri; pcre:\"/a/U\";",
                "http | http.uri; pcre:\"/a/R\";",
                "http | http.uri; urilen:5;",
                "http | http.uri; content:\"a\"; ip.src; content:\"a\";",
                "http | http.uri; content:\"a\"; pkt_data; content:\"a\";",
                "http | http.uri; content:\"a\"; stream_size:client,>,0;",
                "http | http.uri; content:\"a\"; tcpv4-csum:valid;",
                "tcp  | flow:to_server; flow:established;",
                "tcp  | content:\"a\"; byte_jump:1,0; pcre:\"/a/R\";",
                "tcp  | content:\"a\"; within:5; distance:1; endswith;",
                "tcp  | byte_test:1,!=,18446744073709551615,70000,little,big;",
                "ip   | ip_proto:6;",
                "tcp  | reference: cve , 2020-1 ;",
                "tcp  | reference:cve,\"2020-1\";",
                "tcp  | reference:url,http://example.org/a b(c);",
                "tcp  | reference:unheard,of;",
                "tcp  | classtype: unheard_of ;"
            })
    void leavesAloneWhatGoesTogether(String protocol, String options) {
        RuleTraffic traffic =
                RuleTraffic.of("alert %s any any -> any any (%s)".formatted(protocol, options));

        assertEquals(List.of(), traffic.errors());
    }
}
