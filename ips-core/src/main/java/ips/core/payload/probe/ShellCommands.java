package ips.core.payload.probe;

import ips.core.ColdPath;
import ips.core.payload.text.Phrases;
import ips.core.payload.text.Words;

/** Names of commands of shells, by how much it takes for one to be an attack. */
public final class ShellCommands {
    /** No word of a language. */
    static final int STRONG = 1;

    /** So short that anything may be called so. */
    static final int SHORT = 2;

    /** An English word too. */
    static final int ENGLISH = 3;

    /** Does nothing. */
    static final int TRIVIAL = 4;

    static final Words COMMANDS =
            Words.builder()
                    .add(
                            STRONG,
                            "whoami uname ifconfig ipconfig netstat wget curl nslookup ping traceroute"
                                    + " tracert nmap bash zsh ksh tcsh csh dash perl python python2"
                                    + " python3 ruby netcat ncat socat telnet powershell pwsh cmd"
                                    + " cmd.exe ping.exe net.exe chmod chown mkfifo mknod tftp ftp"
                                    + " scp rsync crontab printenv tasklist systeminfo certutil"
                                    + " bitsadmin wmic busybox lynx awk gawk nawk mawk sed xxd"
                                    + " base64 passwd useradd adduser usermod sudo pkill killall"
                                    + " reboot iptables sleep lsof rundll32 mshta regsvr32 cscript"
                                    + " wscript schtasks phpinfo nohup setsid xargs tac gzip tar unzip"
                                    + " openssl dig hostname ls dir cat rm mkdir pwd echo printf"
                                    + " grep egrep tee cp mv ps"
                                    + " whois ssh php gcc java env"
                                    + " killall5 poweroff dd od nl"
                                    + " vim vi nano sendmail"
                                    + " getent telnetd utelnetd lsb_release uptime dmesg df du"
                                    + " whereis vmstat logname tty netsh rev usleep hexdump mkdtemp"
                                    + " get-process get-childitem get-content get-service"
                                    + " get-wmiobject arp expr lua xcopy robocopy lscpu get-item get-host start-sleep"
                                    + " start-process stop-process invoke-webrequest"
                                    + " invoke-restmethod invoke-expression invoke-command iwr"
                                    + " iex new-object set-content out-file taskkill systemctl"
                                    + " waitfor xterm fping hping3 aria2c pkexec chattr"
                                    + " mysqldump tcpdump nsenter chpasswd fgrep zcat zgrep vssadmin wevtutil findstr forfiles"
                                    + " lsblk blkid lspci lsusb lsmod sysctl journalctl hostnamectl loginctl"
                                    + " dpkg rpm readlink realpath md5sum sha1sum sha256sum base32 getcap"
                                    + " getfacl lsattr unshare capsh strace ltrace iconv bzip2 bzcat xzcat"
                                    + " cpio uuencode w3m elinks rlwrap tclsh nodejs jjs jrunscript irb"
                                    + " sqlite3 psql mongosh redis-cli ldapsearch smbclient rpcclient"
                                    + " showmount busctl chroot csplit nsupdate ncftp pwncat"
                                    + " nltest quser qwinsta dsquery icacls cacls attrib gpresult fsutil"
                                    + " driverquery getmac klist cmdkey bcdedit wbadmin diskpart msbuild"
                                    + " installutil regasm regsvcs odbcconf msiexec cmstp extrac32 esentutl"
                                    + " ntdsutil diskshadow nbtstat pathping psexec procdump get-aduser"
                                    + " get-localuser get-ciminstance get-netipaddress get-nettcpconnection"
                                    + " get-location start-bitstransfer test-connection test-netconnection"
                                    + " resolve-dnsname get-eventlog get-acl get-hotfix get-computerinfo")
                    .add(
                            ENGLISH,
                            "type touch which head tail find kill finger node export eval exec source"
                                    + " shutdown halt more less sort strings ed mail mount free top"
                                    + " locate last groups users timeout host fetch init stat cut"
                                    + " tr command time watch history alias query cd")
                    .add(TRIVIAL, "true false")
                    .add(SHORT, "id w sh nc ip at set net reg who ver su sc ss")
                    .build();

    /** Further ones, which count only where a value begins with a separator. */
    static final Words BUILTINS =
            Words.of(
                    "arch cal nproc lastlog vdir umask umount logout gci gc gcm gps gsv sls csc hh diantz"
                            + " explorer logoff md rd ren rmdir route vol copy move unset read date"
                            + " yes fold paste uniq file diff cmp stat service docker kubectl aws flock"
                            + " stdbuf nice test make git apt yum snap pip npm tsc cd pushd popd dirs"
                            + " jobs bg fg wait trap declare local let source shopt compgen enable"
                            + " printenv pinky whatis apropos info man su newgrp chsh chfn gpasswd groupadd"
                            + " userdel groupdel visudo mesg wall write talk last lastb ac sa ldd nm"
                            + " objdump readelf size strip ar ranlib gdb perf script screen tmux"
                            + " split join comm column expand factor shuf seq tsort ptx pr fmt"
                            + " sum cksum b2sum numfmt install link unlink sync truncate mktemp"
                            + " net1 where assoc ftype path prompt title cls color choice start"
                            + " comp fc replace tree subst label format chkdsk sfc defrag exit");

    /** Words of a shell's own before a command. */
    static final Words KEYWORDS = Words.of("then do else if elif while until time");

    /** Takes a number or an address as its argument; behind others a number is a version. */
    static final Words NUMBERED =
            Words.of(
                    "sleep ping ping.exe nslookup traceroute tracert dig whois curl wget nc ncat netcat"
                            + " telnet ssh kill ftp tftp head tail dd nmap usleep timeout host fetch init");

    /**
     * Commands that tell what runs where: what an intruder asks first, and no list of words holds.
     */
    static final Words RECONNAISSANCE =
            Words.of(
                    "whoami ls dir uname ifconfig ipconfig netstat pwd systeminfo tasklist printenv");

    /** Commands that developers write whole lines of: theirs must do more to be an attack. */
    static final Words DEVELOPMENT =
            Words.of(
                    "python python2 python3 perl ruby php java gcc ssh scp rsync tar gzip unzip"
                            + " openssl curl wget sudo sed awk gawk grep egrep chmod chown mkdir cp"
                            + " mv xargs nohup env make bash zsh ftp sendmail iptables java dash"
                            + " busybox base64 sleep echo printf rm passwd crontab vi vim nano"
                            + " systemctl journalctl sysctl dpkg rpm psql sqlite3 redis-cli mongosh"
                            + " md5sum sha1sum sha256sum msbuild get-process get-childitem get-content"
                            + " get-service get-wmiobject get-item get-aduser get-localuser"
                            + " get-ciminstance get-eventlog get-acl get-hotfix set-content out-file"
                            + " new-object stop-process start-process start-sleep invoke-command"
                            + " test-connection test-netconnection icacls msiexec strace iconv");

    /** Commands that read what another says, and by themselves have nothing to say. */
    static final Words FILTERS =
            Words.of(
                    "grep egrep awk gawk sed xargs tee cut head tail less more sort uniq wc tr"
                            + " where-object select-object sort-object format-table format-list"
                            + " foreach-object measure-object group-object out-string select-string");

    /** Commands that run the command behind them. */
    static final Words WRAPPERS =
            Words.of(
                    "command eval exec time timeout watch nohup env xargs busybox nice setsid sudo"
                            + " which type whereis man");

    /** Programs whose lines developers send each other. */
    static final Words TOOLS =
            Words.of(
                    "docker podman kubectl helm git npm npx yarn pnpm pip cargo make cmake cd export sudo"
                            + " tar cp mv mkdir ln apt brew conda aws gcloud az terraform ansible ssh scp"
                            + " rsync nohup screen tmux mvn gradle go node python chown chmod echo");

    /** Programs that manage a machine, each with a word for what to do. */
    static final Words MANAGERS =
            Words.of(
                    "docker podman kubectl helm apt apt-get yum dnf apk snap pip pip3 npm gem pacman"
                            + " zypper brew aws gcloud az service systemctl git");

    /** What {@link #MANAGERS} do. */
    static final Words MANAGED =
            Words.of(
                    "get exec describe run ps images logs install remove purge update upgrade add del"
                            + " clone pull push stop start restart s3 iam ec2 sts list search config"
                            + " secret status");

    /** What {@code net} does on Windows. */
    static final Words NET =
            Words.of(
                    "user users localgroup group view use share start stop accounts config session"
                            + " statistics time");

    /** What {@code query}, {@code reg} and {@code sc} do on Windows. */
    static final Words ADMINISTRATION =
            Words.of(
                    "user session process termserver query queryex add delete save export import qc"
                            + " start stop create config");

    /** Commands of PowerShell that fetch what a URL names. */
    static final Words FETCHERS =
            Words.of("iwr irm invoke-webrequest invoke-restmethod start-bitstransfer");

    /** What {@code ip} shows on Linux. */
    static final Words IP = Words.of("addr address link route neigh rule netns");

    private ShellCommands() {}

    /** Adds what it looks for where the words are written plainly, for a gate before it. */
    @ColdPath
    public static void addPhrases(Phrases.Builder builder, int bit) {
        for (String word : COMMANDS.list()) {
            builder.add(bit, "<(" + word, ">(" + word);
            for (String separator : new String[] {";", "|", "&"}) {
                builder.add(bit, separator + word, separator + " " + word);
                builder.add(bit, separator + "(" + word, separator + "{ " + word);
            }
        }
    }
}
