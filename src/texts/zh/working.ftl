
## cli: what is said at work

error = 错误：{ $error }
cannot-print = 无法写入标准输出：{ $error }
cannot-print-json = 无法写出 JSON：{ $error }
cannot-open = 错误：无法打开 { $path }：{ $error }
without-figure = 缺少 { $figure }：{ $why }
explain-running = 正在运行两个世界：{ $n }
check-counts = { $places } 个地方，{ $links } 条联系，{ $zones } 个会设立的片区，{ $alliances } 个联盟，{ $corridors } 条走廊，{ $months } 个月
check-firms = { $counts }，{ $firms } 家企业，约 { $links } 条伙伴联系
check-firms-given = { $counts }，{ $firms } 家企业，{ $links } 条伙伴联系
check-fine = { $file }：无误。{ $counts }；单线程运行约需内存 { $memory }
check-fine-firms = { $file }：无误。{ $counts }；单线程运行约需内存 { $memory }：{ $firms }

## cli/sweep/plan.rs

plan-same = { $dir } 中已有这次扫描
plan-points = 各点在 { $path }
plan-run = 运行：{ $command }
plan-design-word = 设计
plan-design = { $design }：{ $points } 个点，{ $n } 个参数（{ $list }）
plan-design-rows = { $design }：{ $rows } 行，其中 { $points } 个不同的点，{ $n } 个参数（{ $list }）
plan-layouts-word = 布局
plan-runs-word = 运行
plan-runs = { $runs } = { $points } 个点 × { $layouts } 种布局 × { $replicates } 次重复
plan-kept-word = 保存
plan-kept = 每次运行 { $values } 个值
plan-time-word = 时间
plan-time = 在 { $threads } 个线程上约 { $time }（试运行一次用时 { $run }）
plan-memory-word = 内存
plan-disk-word = 磁盘
plan-disk = 约 { $size }
