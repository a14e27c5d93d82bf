
## cli: what is said at work

error = 错误：{ $error }
cannot-print = 无法写入标准输出：{ $error }
cannot-print-json = 无法写出 JSON：{ $error }
cannot-open = 错误：无法打开 { $path }：{ $error }
tables-missing = 本目录中没有：{ $list }
summary-stale = 目录 summary 并非由这些数据表生成，或已被改动（{ $list }）；本报告未使用它：`pointplane sweep summary 目录` 可重新生成
without-figure = 缺少 { $figure }：{ $why }
explain-running = 正在运行两个世界：{ $n }
check-counts = { $places } 个地方，{ $links } 条联系，{ $zones } 个会设立的片区，{ $alliances } 个联盟，{ $corridors } 条走廊，{ $months } { $step ->
        [month] 个月
        [quarter] 个季度
        [year] 年
       *[day] 天
    }
check-firms = { $counts }，{ $firms } 家企业，约 { $links } 条伙伴联系
check-firms-given = { $counts }，{ $firms } 家企业，{ $links } 条伙伴联系
check-run-refused = 运行会被拒绝：{ $what }
check-does-not-fit = { $file }：就此处可检查的内容而言没有问题；本机容纳不下其世界，因此未检查其图
check-fine = { $file }：无误。{ $counts }；单线程运行约需内存 { $memory }
check-estimated = { $file }：无误，但仅可用于 `pointplane estimate`：其中有模拟尚不支持的内容。{ $counts }
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

## cli/new.rs

scenario-name = 错误：`{ $name }` 不能作为情景名：1 至 64 个拉丁字母（A-Z、a-z）、数字、- 与 _，首字符为字母或数字
there-already = 错误：{ $path } 已存在：请换一个名称
made = 已建立 { $path }：修改后运行

## cli/synthetic.rs

degree-places = 错误：--degree { $degree } 需要多于 { $places } 个地方
made-places = 已建立 { $path }：{ $places } 个地方

## cli/hand_over.rs

no-path = 无法得到程序、当前文件夹或结果文件夹的完整路径：{ $error }
cannot-write = 无法写入 { $path }：{ $error }
elements-most = 用 { $shards } 个数组元素，而非 { $asked } 个：没有更多可分的工作
elements-least = 用 { $shards } 个数组元素，而非 { $asked } 个：此系统不接受更少
kept-as-old = { $name } 已存在，另存为 { $name }.old
wrote = 已写入 { $path }

## cli/merge.rs

merged-damaged = 警告：{ $what }：--resume 会重新运行仅存于其中的部分
merged-foreign = 警告：{ $path } 不属于本结果：未动
merged-all = { $runs } 次运行全部完成；数据表在 { $dir }
merged-read = 查看结果：{ $command }
merged-some = { $runs } 次运行中已完成 { $done } 次，失败 { $failed } 次，缺 { $missing } 次；{ $dir } 中的数据表包含已有部分
merged-failed = 表 runs 记录失败原因及重做的命令；--retry-failed 再试一次

## cli/script.rs

script-start =
    请阅读所写脚本，按需修改，然后启动：
    {"  "}{ $commands }

## cli/slurm.rs

slurm-read =
    请阅读并按集群要求修改，然后提交：
    {"  "}{ $first }
    {"  "}{ $second }
slurm-not-submitted =
    错误：未提交任何作业：{ $error }
    脚本已写好，用以下命令提交
    {"  "}{ $first }
    {"  "}{ $second }
slurm-array = 已提交作业 { $array }：{ $n } 个数组元素
slurm-merge-failed =
    错误：合并作业未提交：{ $error }
    用以下命令提交
    {"  "}{ $command }
slurm-merge = 已提交作业 { $merge }：其后合并数据表
slurm-look =
    查看进度：
    {"  "}pointplane status { $folder }
    {"  "}squeue --job={ $jobs }
sbatch-none = PATH 中没有 sbatch：这是 Slurm 集群的登录节点吗？
sbatch-not-started = 无法启动 sbatch：{ $error }
sbatch-failed = sbatch 失败（{ $status }）
sbatch-no-id = sbatch 没有给出作业号，而是 { $said }

## cli/run.rs

firms-first = 先生成企业及其联系；内存：{ $words }
complete-with = 用以下命令完成：{ $command }
job-replicate = 重复 { $replicate }
kept-in = { $all } 次重复中的 { $some } 次已保存在 { $dir }

## cli/compare.rs

width-needed = { $target }：{ $pilot } 次重复之后，需要 { $needed } 次
width-maximum = { $target }：{ $pilot } 次重复之后，取上限 { $most } 次
job-replicate-of = 布局 { $layout } 的重复 { $replicate }
go-on-min = 用 --resume 和更大的 --min-replicates 继续

## cli/session.rs

threads-fewer = { $cores } 个核心上 { $threads } 个线程只会互相等待：使用 { $most } 个
threads-none = 错误：系统无法启动 { $threads } 个线程（{ $error }）：请用 --threads 减少
resuming = 继续：{ $all } 次重复{ $share }中已有 { $some } 次
job-failed = 错误：{ $job } 失败：{ $why }
more-failed = 错误：另有 { $more } 个失败

## cli/signals.rs

no-signals = 警告：无法处理信号：{ $error }
stopped-at-once = 已立即停止：已完成的部分已保存；用 --resume 继续
interrupted = 已中断：正在完成手头的部分；再按 Ctrl-C 立即停止
told-to-stop = 收到停止信号：保存已完成的部分

## cli/progress.rs

bar-months = 所有重复的月份
bar-plain = { $what }：{ $of } 中的 { $done }

## cli/session.rs: how it ends

sweep-extended = 扫描的点或重复与之前不同：已有部分保留
stopped-time = 在时限之前停止；
stopped = 已停止；
runs-failed = { $n } 次运行失败：`pointplane status` 给出计数，表 runs 说明原因
bar-replicates = 重复
bar-runs = 运行
bar-left = 约剩 { $eta }
sweep-todo = { $name }：{ $all } 次运行{ $share }中有 { $todo } 次待做，结果在 { $dir }
go-on-with = 用以下命令继续：{ $command }
warning = 警告：{ $what }
merge-no-scenario = 错误：无法生成派生表：{ $why }；用 --scenario 指明情景
nothing-to-resume = { $dir } 已完成，无需继续
share-done = 待运行的部分{ $share }已完成；全部完成后用以下命令生成数据表：pointplane merge { $folder }
of-shard = （分片 { $shard }）
