package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Phrases;
import ips.core.payload.text.Text;

/**
 * Knows the tools that attack by the product token in their User-Agent header: a whole word, never
 * a part of one. General clients (curl, wget, python-requests) and search engines are not among
 * them.
 */
@HotPath
public final class ScannerJudge implements Judge, Phrases.Match {
    private static final Phrases TOOLS =
            Phrases.builder()
                    .add(
                            100,
                            "sqlmap",
                            "nikto",
                            "nessus",
                            "openvas",
                            "acunetix",
                            "netsparker",
                            "invicti",
                            "nmap scripting engine",
                            "nmap nse",
                            "nmap",
                            "masscan",
                            "zgrab",
                            "zmap",
                            "zmeu",
                            "morfeus",
                            "dirbuster",
                            "gobuster",
                            "dirb",
                            "dirsearch",
                            "feroxbuster",
                            "ffuf",
                            "fuzz faster u fool",
                            "wfuzz",
                            "wpscan",
                            "joomscan",
                            "droopescan",
                            "cmsmap",
                            "whatweb",
                            "webinspect",
                            "w3af",
                            "arachni",
                            "skipfish",
                            "havij",
                            "absinthe",
                            "bsqlbf",
                            "sqlninja",
                            "sqlsus",
                            "jsql",
                            "sqlpowerinjector",
                            "marathon tool",
                            "pangolin",
                            "mysqloit",
                            "safe3",
                            "hydra",
                            "medusa",
                            "brutus",
                            "burp",
                            "burpcollaborator",
                            "owasp zap",
                            "zaproxy",
                            "zap/",
                            "paros",
                            "webscarab",
                            "webshag",
                            "nuclei",
                            "jaeles",
                            "httpx - open-source project",
                            "interactsh",
                            "projectdiscovery",
                            "xsser",
                            "dalfox",
                            "xsstrike",
                            "commix",
                            "tplmap",
                            "nosqlmap",
                            "grendel-scan",
                            "grabber",
                            "wapiti",
                            "vega/",
                            "golismero",
                            "qualys",
                            "rapid7",
                            "nexpose",
                            "appscan",
                            "ibm appscan",
                            "n-stealth",
                            "nstealth",
                            "whisker",
                            "libwhisker",
                            "cgichk",
                            "uniscan",
                            "vooodoo",
                            "blackwidow",
                            "sitescope",
                            "metis",
                            "bilbo",
                            "dotdotpwn",
                            "fimap",
                            "lfi freak",
                            "lfimap",
                            "kadimus",
                            "liffy",
                            "metasploit",
                            "msfconsole",
                            "core-project/1.0",
                            "webtrends security analyzer",
                            "internet ninja",
                            "springenwerk",
                            "toata dragostea",
                            "datacha0s",
                            "wordpress hash grabber",
                            "autogetcontent",
                            "scan.lol",
                            "scanbot",
                            "sysscan",
                            "jorgee",
                            "jbrofuzz",
                            "prog.customcrawler",
                            "amiga-aweb",
                            "backdoorbot",
                            "black hole",
                            "pmafind",
                            "pmascan",
                            "phpmyadmin scanner",
                            "inspath",
                            "revolt",
                            "sumthin",
                            "teh forest lobster",
                            "s.t.a.l.k.e.r.",
                            "get-minimal",
                            "mozilla/5.0 sf",
                            "security scan",
                            "vulnerability scanner",
                            "vulnscan",
                            "webvulnscan",
                            "crowbar",
                            "patator",
                            "cook fuzzer",
                            "evilginx",
                            "recon-ng",
                            "theharvester",
                            "amass",
                            "aquatone",
                            "eyewitness",
                            "hakrawler",
                            "katana",
                            "gospider",
                            "httprint",
                            "httprecon",
                            "subfinder",
                            "chaosmap",
                            "censysinspect",
                            "l9explore",
                            "l9tcpid",
                            "leakix",
                            "detectify",
                            "intruder.io",
                            "probely",
                            "tenable",
                            "zgrab2",
                            "xenotix",
                            "ratproxy",
                            "wvs",
                            "nsauditor",
                            "shadow security scanner",
                            "secubat",
                            "syhunt",
                            "sandcat",
                            "cirt.net",
                            "crawlfish",
                            "t0rnado",
                            "joomla scanner",
                            "brutespray",
                            "kxss",
                            "fuzzdb",
                            "fuzzer",
                            "sqlscan",
                            "sql power injector",
                            "wascan",
                            "vulnx",
                            "fiesta scanner",
                            "goby",
                            "xray/",
                            "awvs",
                            "hexometer",
                            "0day",
                            "exploit",
                            "webshell",
                            "hello, world/nmap",
                            "spip-scanner",
                            "wafw00f",
                            "whatwaf",
                            "padbuster",
                            "sslyze",
                            "sslscan",
                            "testssl",
                            "slowhttptest",
                            "goldeneye",
                            "slowloris",
                            "loic",
                            "pyloris",
                            "hulk")
                    .build();

    private Text text;
    private Judgement out;

    @Override
    public void judge(Text value, PartKind part, Judgement judgement) {
        if (part != PartKind.USER_AGENT) {
            return;
        }
        text = value;
        out = judgement;
        TOOLS.scan(value, this);
    }

    @Override
    public void found(int phrase, int end) {
        int at = end - TOOLS.phrase(phrase).length();
        int before = text.at(at - 1);
        int after = text.at(end);
        int last = text.at(end - 1);
        if (!word(before) && (!word(after) || last == '/')) {
            out.raise(TOOLS.points(phrase), "attack-tool", at, end);
        }
    }

    private static boolean word(int c) {
        return c >= 'a' && c <= 'z' || c == '_' || c >= 0x80;
    }
}
