/// The commands of Redis 7.0 as its `COMMAND` tells them, and those that came with 7.2, 7.4 and 8.
enum RedisCommandList {
    /// What each command is like, by its label.
    static let traits: [String: RedisCommand.Traits] = {
        var traits: [String: RedisCommand.Traits] = [:]
        for line in lines {
            for name in line.names { traits[name.split(separator: "|").joined(separator: " ")] = line.traits }
        }
        return traits
    }()

    struct Line {
        var traits: RedisCommand.Traits
        var keys: RedisKeys
        var names: [Substring]
    }

    static var lines: [Line] {
        text.split(separator: "\n").map { line in
            let fields = line.split(separator: " ")
            return Line(
                traits: RedisCommand.Traits(letters: fields[0]), keys: RedisKeys(fields[1]), names: Array(fields[2...]))
        }
    }

    /// A line has what its commands have in common, then their names. `|` stands between a container and its subcommand.
    ///
    /// Traits: w writes, m needs memory, l is taken while loading, s when stale, b may block, u sets up the connection, c is a
    /// container. Scripts count as writes, which most of them are. Keys: `first:last:step`, `#n` where argument n says how
    /// many there are, `1#n` where the first argument is one too.
    static let text = """
        - #1 SINTERCARD ZDIFF ZINTER ZINTERCARD ZUNION
        - - BGREWRITEAOF BGSAVE DBSIZE FUNCTION|DUMP FUNCTION|KILL FUNCTION|LIST FUNCTION|STATS KEYS LOLWUT
        - - MEMORY|DOCTOR MEMORY|MALLOC-STATS MEMORY|PURGE MEMORY|STATS MODULE|LIST MODULE|LOAD MODULE|LOADEX
        - - MODULE|UNLOAD PFSELFTEST PSYNC RANDOMKEY SAVE SCAN SCRIPT|DEBUG SCRIPT|EXISTS SCRIPT|FLUSH
        - - SCRIPT|KILL SYNC
        - 1 BITCOUNT BITFIELD_RO BITPOS DUMP EXPIRETIME GEODIST GEOHASH GEOPOS GEORADIUS_RO GEORADIUSBYMEMBER_RO
        - 1 GEOSEARCH GET GETBIT GETRANGE HEXISTS HGET HGETALL HKEYS HLEN HMGET HRANDFIELD HSCAN HSTRLEN HVALS
        - 1 LINDEX LLEN LPOS LRANGE PEXPIRETIME PTTL SCARD SISMEMBER SMEMBERS SMISMEMBER SRANDMEMBER SSCAN
        - 1 STRLEN SUBSTR TTL TYPE XLEN XPENDING XRANGE XREVRANGE ZCARD ZCOUNT ZLEXCOUNT ZMSCORE ZRANDMEMBER
        - 1 ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANK ZREVRANGE ZREVRANGEBYLEX ZREVRANGEBYSCORE ZREVRANK ZSCAN
        - 1 ZSCORE HTTL HPTTL HEXPIRETIME HPEXPIRETIME DIGEST VSIM VDIM VCARD VEMB VGETATTR VINFO VISMEMBER
        - 1 VLINKS VRANDMEMBER
        - 1:-1 EXISTS MGET PFCOUNT SDIFF SINTER SUNION TOUCH
        - 1:2 LCS
        - 2 MEMORY|USAGE OBJECT|ENCODING OBJECT|FREQ OBJECT|IDLETIME OBJECT|REFCOUNT XINFO|CONSUMERS
        - 2 XINFO|GROUPS XINFO|STREAM
        - store SORT_RO
        b - WAIT WAITAOF
        b streams XREAD
        c - ACL CLUSTER CONFIG FUNCTION LATENCY MEMORY MODULE OBJECT PUBSUB SCRIPT SLOWLOG XGROUP XINFO
        ls - ACL|CAT ACL|DELUSER ACL|DRYRUN ACL|GENPASS ACL|GETUSER ACL|HELP ACL|LIST ACL|LOAD ACL|LOG ACL|SAVE
        ls - ACL|SETUSER ACL|USERS ACL|WHOAMI CLUSTER|HELP CONFIG|GET CONFIG|HELP CONFIG|RESETSTAT CONFIG|REWRITE
        ls - CONFIG|SET DISCARD EXEC FUNCTION|HELP LASTSAVE LATENCY|DOCTOR LATENCY|GRAPH LATENCY|HELP
        ls - LATENCY|HISTOGRAM LATENCY|HISTORY LATENCY|LATEST LATENCY|RESET MEMORY|HELP MODULE|HELP MONITOR MULTI
        ls - OBJECT|HELP PSUBSCRIBE PUBLISH PUBSUB|CHANNELS PUBSUB|HELP PUBSUB|NUMPAT PUBSUB|NUMSUB
        ls - PUBSUB|SHARDCHANNELS PUBSUB|SHARDNUMSUB PUNSUBSCRIBE REPLCONF ROLE SCRIPT|HELP SHUTDOWN SLOWLOG|GET
        ls - SLOWLOG|HELP SLOWLOG|LEN SLOWLOG|RESET SUBSCRIBE TIME UNSUBSCRIBE UNWATCH XGROUP|HELP XINFO|HELP
        ls 1 SPUBLISH
        ls 1:-1 SSUBSCRIBE SUNSUBSCRIBE WATCH
        lsc - DEBUG
        lsu - AUTH CLIENT|CACHING CLIENT|GETNAME CLIENT|GETREDIR CLIENT|HELP CLIENT|ID CLIENT|INFO CLIENT|KILL
        lsu - CLIENT|LIST CLIENT|NO-EVICT CLIENT|PAUSE CLIENT|REPLY CLIENT|SETNAME CLIENT|TRACKING
        lsu - CLIENT|TRACKINGINFO CLIENT|UNBLOCK CLIENT|UNPAUSE COMMAND|COUNT COMMAND|DOCS COMMAND|GETKEYS
        lsu - COMMAND|GETKEYSANDFLAGS COMMAND|HELP COMMAND|INFO COMMAND|LIST ECHO HELLO INFO QUIT READONLY
        lsu - READWRITE RESET SELECT CLIENT|SETINFO CLIENT|NO-TOUCH
        lsuc - COMMAND
        s #2 EVAL_RO EVALSHA_RO FCALL_RO
        s - CLUSTER|ADDSLOTS CLUSTER|ADDSLOTSRANGE CLUSTER|BUMPEPOCH CLUSTER|COUNT-FAILURE-REPORTS
        s - CLUSTER|COUNTKEYSINSLOT CLUSTER|DELSLOTS CLUSTER|DELSLOTSRANGE CLUSTER|FAILOVER CLUSTER|FLUSHSLOTS
        s - CLUSTER|FORGET CLUSTER|GETKEYSINSLOT CLUSTER|INFO CLUSTER|KEYSLOT CLUSTER|LINKS CLUSTER|MEET
        s - CLUSTER|MYID CLUSTER|NODES CLUSTER|REPLICAS CLUSTER|REPLICATE CLUSTER|RESET CLUSTER|SAVECONFIG
        s - CLUSTER|SET-CONFIG-EPOCH CLUSTER|SETSLOT CLUSTER|SHARDS CLUSTER|SLAVES CLUSTER|SLOTS FAILOVER
        s - REPLICAOF SCRIPT|LOAD SLAVEOF CLUSTER|MYSHARDID
        u - ASKING PING
        uc - CLIENT
        w #1 LMPOP ZMPOP
        w - FLUSHALL FLUSHDB FUNCTION|DELETE FUNCTION|FLUSH SWAPDB
        w 1 EXPIRE EXPIREAT GETDEL GETEX HDEL LPOP LREM LTRIM MOVE PERSIST PEXPIRE PEXPIREAT RPOP SPOP SREM XACK
        w 1 XAUTOCLAIM XCLAIM XDEL XTRIM ZPOPMAX ZPOPMIN ZREM ZREMRANGEBYLEX ZREMRANGEBYRANK ZREMRANGEBYSCORE
        w 1 HPERSIST HGETDEL HGETEX XDELEX XACKDEL VREM
        w 1:-1 DEL UNLINK
        w 1:2 RENAME RENAMENX SMOVE
        w 2 XGROUP|DELCONSUMER XGROUP|DESTROY XGROUP|SETID
        w migrate MIGRATE
        wb #2 BLMPOP BZMPOP
        wb 1:-2 BLPOP BRPOP BZPOPMAX BZPOPMIN
        wb streams XREADGROUP
        wm - MSETEX FUNCTION|LOAD FUNCTION|RESTORE
        wm 1 APPEND BITFIELD DECR DECRBY GEOADD GETSET HINCRBY HINCRBYFLOAT HMSET HSET HSETNX INCR INCRBY
        wm 1 INCRBYFLOAT LINSERT LPUSH LPUSHX LSET PFADD PSETEX RESTORE RESTORE-ASKING RPUSH RPUSHX SADD SET
        wm 1 SETBIT SETEX SETNX SETRANGE XADD XSETID ZADD ZINCRBY HEXPIRE HPEXPIRE HEXPIREAT HPEXPIREAT HSETEX
        wm 1 DELEX VADD VSETATTR
        wm 1#2 ZDIFFSTORE ZINTERSTORE ZUNIONSTORE
        wm 1:-1 PFMERGE SDIFFSTORE SINTERSTORE SUNIONSTORE
        wm 1:-1:2 MSET MSETNX
        wm 1:2 COPY GEOSEARCHSTORE LMOVE RPOPLPUSH ZRANGESTORE
        wm 2 PFDEBUG XGROUP|CREATE XGROUP|CREATECONSUMER
        wm 2:-1 BITOP
        wm store GEORADIUS GEORADIUSBYMEMBER SORT
        wmb 1:2 BLMOVE BRPOPLPUSH
        wms #2 EVAL EVALSHA FCALL
        """
}

extension RedisCommand.Traits {
    fileprivate init(letters: Substring) {
        self = []
        for letter in letters {
            switch letter {
            case "w": insert(.write)
            case "m": insert(.needsMemory)
            case "l": insert(.loading)
            case "s": insert(.stale)
            case "b": insert(.blocking)
            case "u": insert(.setUp)
            case "c": insert(.container)
            default: break
            }
        }
    }
}

extension RedisKeys {
    /// As the list writes them.
    fileprivate init(_ text: Substring) {
        switch text {
        case "-": self = .none
        case "streams": self = .streams
        case "store": self = .store
        case "migrate": self = .migrate
        case _ where text.contains("#"):
            self = .counted(at: Int(text.drop { $0 != "#" }.dropFirst()) ?? 1, hasFirst: text.hasPrefix("1"))
        default:
            let numbers = text.split(separator: ":").compactMap { Int($0) }
            self = .listed(
                first: numbers[0], last: numbers.count > 1 ? numbers[1] : numbers[0],
                step: numbers.count > 2 ? numbers[2] : 1)
        }
    }
}
