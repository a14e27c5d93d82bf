# 终端对结果的说明。表格各行由这些词句拼成：表头宜短。

## cli/summary.rs：单次布局的模拟

summary-head = { $name }：{ $start } 至 { $end }，{ $replicates } 次重复，种子 { $seed }，用时 { $seconds } 秒
summary-head-layout = { $name }，布局 { $layout }：{ $start } 至 { $end }，{ $replicates } 次重复，种子 { $seed }，用时 { $seconds } 秒
summary-formed = 首次形成的时间（形成该结构的各次重复中的中位{ $step ->
        [month] 月份
        [quarter] 季度
        [year] 年份
       *[day] 日期
    }及范围）
moment-line = 首条线
moment-circle = 首个圈
moment-axis = 首条轴
moment-plane = 面
moment-corridor = 轴 { $corridor }
moment-half-covered = 半数地方有采纳
summary-never = 从未
summary-in-share = 见于 { $share } % 的重复
summary-batches = 全国复制推广批次
summary-batches-mean = 均值（重复的中间 95 %）
summary-batches-observed = 实际
summary-batches-more = 另有 { $n } 批
summary-batches-each = 平均每批 { $mean }
summary-provincial = 全程每有一项全国复制推广，对应的省级复制推广项数：{ $ratio }
summary-credit = 采纳的归因
summary-credit-share = 占全部采纳的比例（均值的 95 % 置信区间）
summary-adoptions = 每次重复平均 { $adoptions } 次采纳，其中 { $alliances } % 归因于联盟
summary-firms = { $number } 家企业，平均 { $partners } 个伙伴
summary-firms-share = 期末已采用的比例（均值的 95 % 置信区间）
summary-firms-weighted = 按权重与规模加权
summary-benefit = 收益：{ $benefit }（地区权重 × γ × 采用率，对各领域求和）
summary-givers = 溢出最多的地方（归因于它的采纳数，各次重复的均值）
tables-in = 数据表在 { $dir }（各列含义见 columns.csv）
summary-all-tables = 加 --tables all 可另存 adoptions 与 abandonments 表：每次采纳或放弃一行
summary-over = 加 --force 替换这些结果；要保留则用 --out 另选文件夹：
again = 重新运行：{ $command }

## cli/compare: a comparison

compared-head = { $name }：{ $start } 至 { $end }，{ $layouts } 种布局，各 { $replicates } 次重复，使用相同的随机冲击，种子 { $seed }，用时 { $seconds } 秒。
compared-head-legend = { $head }{ $legend }
compared-against = { $layout } 与 { $base } 相比
compared-more = 增加重复：加大 --replicates 并加 --resume，其余不变
compared-nothing = 各次重复中均无差异。
compared-stock-of = 平均存量，其中
compared-members = 成员（直接）
compared-others = 非成员（间接）
compared-formed = 首次形成，平均月份（从未形成者按期末计）
compared-line = 线
compared-circle = 圈
compared-axis = 轴
compared-plane = 面
compared-earlier = 提前 { $months } 个月
compared-later = 推迟 { $months } 个月
compared-earlier-to-later = 提前 { $low } 至推迟 { $high }
compared-and-same = { $words }，{ $same }
compared-the-same = { $n } 次重复完全相同
compared-best = 最优：各布局为最优的重复所占比例（并列者平分）
compared-trade-off = 期末的取舍
compared-all-on-front = 全部为帕累托有效：没有布局在某方面更差而无一方面更好（超出蒙特卡洛噪声）
compared-on-front = * 为帕累托有效：没有其他布局在某方面更好且无一方面更差（超出蒙特卡洛噪声）
compared-front = 处于前沿
compared-stock = 平均存量
compared-theil = 泰尔指数
compared-pairs = 成员对·年
compared-change = 变化
compared-sharper = 增益
compared-none = 无差异
compared-differs-more = 另有 { $more } 处：{ $command }
compared-rows-more = 另有 { $more } 处：{ $what }
legend-one = 只有一次重复，没有区间。
legend-ranges = 括号内为各差异单独的 95 % 置信区间
legend-ranges-of = 括号内为各差异单独的 95 % 置信区间（{ $kinds }；其余为 t 区间）
legend-bca = b：BCa 自助法
legend-stein = s：斯坦两阶段法
legend-p = ；p 为配对 t 检验，仅对同一行的各布局作霍尔姆校正：全部 { $families } 族、{ $tests } 个检验中的一族
compared-primary = ! { $outcome } 为事先指定的主要结果（--primary）；其余各行均为探索性：effects 表的 `p_holm_all` 对其全部作了校正。
compared-no-primary = 未事先指定主要结果（--primary），因此各行均为探索性：effects 表的 `p_holm_all` 对全部检验作了校正。
legend-sharper = ；增益：不配对时需要多少倍的重复才能得到同样窄的区间
full-stop = 。
width-asked = 要求 { $target }（斯坦两阶段法，首阶段 { $pilot } 次）：{ $came }。
width-missing = { $n } 次重复中有 { $some } 次缺少 { $layout } 或基准的值
width-no-interval = { $layout } 没有区间，因为 { $missing }
width-all-equal = 首阶段中 { $layout } 的差异全部相等，无从推断其后的离散程度
width-needs-more = { $layout } 需要更多重复
width-widest = ，最宽 ± { $half }
width-reached = { $n } 次重复已达到{ $widest }
width-not-within = 在 --max-replicates { $most } 之内未达到{ $widest }：{ $reasons }
width-not-with = { $n } 次重复未达到{ $widest }：{ $reasons }

## report/sweep.rs, cli/sweep/summary.rs: what a sweep answers

indices-head = { $name }：{ $design } 设计，{ $points } 个点，{ $layouts } 种布局，{ $replicates } 次重复{ $pool }；已完成 { $runs } 次运行中的 { $done } 次
indices-pool = （取自 { $n } 次的重复池）
indices-inert = 不改变结果
indices-tables = 数据表在 { $folder }：{ $list }
indices-title = { $outcome }，{ $at }，{ $layout }
indices-title-versus = { $outcome }，{ $layout } 相对于 { $versus } 的效应
indices-title-versus-at = { $outcome }，{ $at }，{ $layout } 相对于 { $versus } 的效应
indices-none = 无
indices-unknown = 未知
indices-variance = 占方差的比例，{ $blocks } 个区组
indices-alone = 一阶
indices-total = 总效应
indices-effects = { $effects } 条轨迹的基本效应
indices-regression = 对 { $points } 个点的回归，R² { $r2 }
indices-luck = ，蒙特卡洛噪声占 { $share } %
indices-intervals = 方括号内为 95 % 置信区间
indices-too-few = 点数不足，没有区间
indices-same = 在 { $points } 个点上不变：{ $value }
indices-not-estimable = 无法估计：{ $why }
indices-no-points = 没有一个点的全部布局在同一次重复中都有值
indices-few-points = { $parameters } 个参数的回归至少需要 { $need } 个点，现有 { $have } 个
indices-few-blocks = { $blocks } 个区组中只有 { $have } 个完整，不足以估计指数
indices-few-trajectories = 没有一条轨迹的某一步两端都有值
indices-more-runs = { $runs } 次运行中已完成 { $done } 次，`sweep run --resume` 可完成其余
indices-more-points = 增加设计的点数会有帮助
indices-used = 每个点 { $replicates } 次重复中使用 { $used } 次，即 { $all } 个点中 { $points } 个点共有的重复。
over-credible = 在参数分布上 { $mean }（95 % 可信区间 { $low } 至 { $high }；随机性区间 { $from } 至 { $to }）
over-sign = { $draws } 个点中 { $share } % 大于 0
over-shares = 单次历史的方差：参数 { $parameters } %，随机性 { $luck } %，二者交互 { $both } %
over-head = 与“{ $base }”相比，期末的变化及其 95 % 可信区间：{ $parameters } 个参数，{ $draws } 次抽样，{ $replicates }。
over-pool = 每次抽样使用 { $pool } 次重复的重复池中的 { $each } 次
over-same = 每次抽样使用相同的 { $each } 次重复
over-no-percent = 对{ $list }的效应以结果自身的单位表示，而非百分比：在这些抽样中，“{ $base }”自身的水平与 0 无法区分。
over-partial = 计入 { $all } 次抽样中的 { $draws } 次；其余尚未完成或已失败。
over-too-few = 尚无结论：{ $runs } 次运行中已完成 { $done } 次，不足以区分参数与随机性。用 --resume 完成其余。
over-nothing = 不可估计
over-no-change = 无变化
over-sign-unknown = 符号不明
over-raises = 提高
over-lowers = 降低
over-widens = 扩大
over-narrows = 缩小
over-sure = 确定{ $direction }
over-mostly = 10 次抽样中有 { $n } 次{ $direction }
over-legend = ── 可信区间（参数与随机性），━━ 随机性区间（参数取平均情形），│ 无变化。“确定”指可信区间不含 0。模型与数据视为给定。
over-legend-page = 横条：细条为可信区间（参数与随机性），其中粗条为随机性区间（参数取平均情形）；竖线表示无变化。“确定”指可信区间不含 0。模型与数据视为给定。
over-hangs = 各效应最取决于以下参数（括号内为该参数单独解释的该效应在各次抽样间方差的比重，按线性关系）：{ $list }。
over-hangs-one = { $parameter }，{ $all } 个效应中的 { $n } 个（{ $range } %）
over-variance = 单次历史中效应的方差来自（以上各效应中的最小至最大）：参数 { $parameters } %，随机性 { $luck } %，二者共同作用 { $both } %。
regions = 对{ $what }的效应，符号相反的抽样主要集中在：{ $list }。
region-of = { $layout }：{ $limits }（该区域 { $points } 次抽样中有 { $hits } 次；此类抽样共 { $of } 次）
turning-head = { $parameter } 在何处改变结论（与“{ $base }”相比）：从 { $from } 到 { $to } 的 { $values } 个取值，各 { $n } 次重复，其他参数不变。未提及之处，95 % 随机性区间含 0。
turning-sign = { $told }（{ $share } % 的抽样符号相反）
information-of = 若加以统计，最能说明对{ $what }的效应的是：{ $list }。
information-one = { $layout }：{ $target }（可消除各次抽样间方差的 { $share } %）
information-none = { $layout }：各目标均无帮助
turning-of = 对{ $what }的效应：{ $list }。
turning-nothing = { $layout } 无影响
turning-never = 在整个范围内{ $direction }
turning-unclear = { $layout } 在整个范围内与无效应无法区分
over-subject = 布局比较与不确定性
variants-range = { $layout } { $range }
variants-same = ，在 { $of } 种模型的 { $same } 种中{ $direction }
variants-other = ，在 { $list } 下{ $direction }
variants-nothing = ，在 { $list } 下毫无效应（该变体设定了相同的键，或使其无从起作用）
variants-unclear = ，在 { $list } 下与 0 无法区分
variants-unseen = ，在 { $list } 下无结果
variants-own = 情景自身的模型
turning-up-to = 至 { $end } 为止{ $direction }
turning-from = 自 { $start } 起{ $direction }
turning-between = 在 { $start } 至 { $end } 之间{ $direction }
over-more = 进一步查看：pointplane sweep summary { $folder }；pointplane report { $folder } --open
variants-head = 在 { $n } 种模型变体与情景自身的模型之下：
variants-of = 对{ $what }的效应：{ $list }。
variants-ranking = 各布局平均效应的排序在 { $of } 种模型的 { $same } 种中相同。
indices-legend = { $about }{ $luck }；{ $intervals }；右列为参数由低到高时的结果
indices-low-high = 低 → 高
indices-more = 另有 { $more } 个，均不超过 { $next }
indices-together = 交互：{ $first } × { $second } 使 R² 增加 { $gain } %

## cli/status.rs

status-head = { $name }：{ $runs } 次运行
status-done = 完成
status-failed = 失败
status-running = 进行中
status-left = 剩余
status-time = 约剩 { $time }
status-nobody = 目前没有进程在运行；用 `pointplane { $command } … --resume` 继续
status-others = 另有 { $n } 次运行属于已不再要求的点或重复
status-damaged = { $path }：仅存于其中的部分会由 --resume 重新运行
status-foreign = { $path } 不属于本结果，不计入
status-shard = 分片
status-threads = 线程
time-milliseconds = { $n } 毫秒
time-seconds = { $n } 秒
time-minutes = { $n } 分钟
time-hours = { $n } 小时
time-days = { $n } 天

## report/answer: what every layout does

short-stock = 平均存量
short-gap = 区域之间的差距
short-inequality = 各地区之间的不平等
short-uptake = 企业采用
short-benefit = 企业收益
short-in = { $month } 的{ $what }
luck-head = 与“{ $base }”相比，期末（{ $month }）：一组参数取值下的变化，{ $n ->
       *[other] { $n } 次重复的 95 % 区间
        [1] 仅一次重复
    }。
luck-unclear = 无明确变化
luck-same = { $direction }，{ $n } 次均相同
luck-legend = ━━ 随机性区间：仅含各次重复的蒙特卡洛噪声；│ 无变化。
luck-legend-page = 横条为随机性区间，即仅含各次重复的蒙特卡洛噪声；竖线表示无变化。
luck-legend-one = 一次重复没有区间：无法得知随机性的大小。

## scenario/diff/words.rs: pointplane diff

diff-keys = 键：{ $n } 处改动
diff-table = { $what }：新增 { $added }，移除 { $removed }，改动 { $changed }
diff-equal-rows = { $n } 个{ $what }
diff-nothing = 没有差别：{ $keys } 个键，{ $list }。
diff-equal = 其余相同：{ $keys } 个键，{ $list }。规则由此生成的一切（尤其是联系）随之而定。
items-more = 另有 { $more } 项
short-in-place = 以取代 { $options }
short-not-varied = 参数未变动：参数带来的不确定性往往大出许多倍。可加 --priors PLAN{ $instead }（方案的写法见 `pointplane sweep --help`），另见 docs/sweep.md 中的“{ $question }”。

## cli/outcomes.rs

outcomes-about = `pointplane compare` 的各项结果。除以月份为值者外，均取期末及各 --horizon 月份的值。“较高为优”“较低为优”是各布局排序所依的方向。
outcomes-named = { $name }（{ $about }）
outcomes-higher = 较高为优
outcomes-lower = 较低为优
outcomes-month = 月份；从未发生者按期末计
outcomes-by = 分组：{ $groups }

## cli/package

package-not-found = 生成这些结果的 { $path } 既不在当前目录之下，也不在结果的任一上级目录之下：请在生成结果时所在的目录运行
package-changed = 找不到生成结果时的这一文件，或内容已变；请恢复该文件，或重新生成结果
package-absolute = 以绝对路径指向文件，换一台机器便不存在：请改为相对于本文件所在目录的路径，并重新生成结果
package-not-complete = 结果尚不完整：请在完成后（--resume）再制作复现包
package-taken = { $path } 中已有内容；请用 --out 指定其他文件夹
package-place = { $path } 是结果所在文件夹、其下的文件夹或当前目录；请用 --out 指定其他文件夹
package-file = { $path } 是文件；请用 --out 指定其他文件夹
package-also = 其中没有可收入的文件（隐藏文件与结果本身除外）
package-beyond = 不在命令所用的文件夹 { $folder } 之下：请先复制到其中
package-name = 名称中含有校验和清单无法记录的字符；请改名
package-outside = 这些结果指向其文件夹之外的文件：已被手工改动
package-no-sums = 这些结果由较早版本生成，未记录数据表的校验和；请重新生成
package-made = { $path }
package-no-program = 找不到程序：请安装 pointplane，或将 POINTPLANE 设为其路径
package-other-program = 并非生成结果的程序（{ $version }），字节可能不同
package-tampered = 本包内容已被改动：标有 FAILED 的文件与制包时不同，无法得到原来的结果
package-differs = 标有 FAILED 的数据表未能复现：其字节与本包中的不同
package-same = 所有数据表的字节均相同
package-drawn = 与本包中的图字节不同：文字由本机字体绘制
package-todo = README.md 中以“待补充”开头的内容请自行填写
package-papers = 来源 数据来源 许可 授权 说明 引用
package-columns = 变量说明：每张表每一列的含义、单位与公式
package-points = 参数点
package-posterior = 后验抽样，供 `--posterior` 使用
package-summary = 结果的文字说明
package-by = 上面的命令
package-cite = 结果的引用格式：

## cli/cite.rs

cite-estimation = 估计结果
cite-calibration = 校准结果
cite-search = 搜索结果
cite-scenario = 情景 { $name }
cite-plan = 计划 { $name }
cite-layouts = { $n ->
       *[other] 布局 { $list }
    }
cite-many-layouts = { $n } 种布局
cite-set = 设定 { $list }
cite-many-set = 另设 { $n } 个参数
cite-seed = 随机种子 { $seed }
cite-points = { $points } 个参数点
cite-replicates = { $n ->
       *[other] 重复模拟 { $n } 次
    }
cite-replicates-from = { $n ->
       *[other] 自第 { $first } 号起重复模拟 { $n } 次
    }
cite-commit = （提交 { $short }）
cite-sentence = 本文所用的{ $what }由 Pointplane { $version }{ $commit }得出：{ $details }。
cite-partial = 这些结果尚未完成，完成后（--resume）再引用。

## cli/usage.rs: 命令写法有误

usage = 用法：{ $usage }
usage-help = 详见 '--help'。
usage-twice = 参数 '{ $arg }' 不能重复使用
usage-conflict = 参数 '{ $arg }' 不能与 '{ $other }' 同时使用
usage-conflicts = 参数 '{ $arg }' 不能与以下参数同时使用：
usage-no-value = '{ $arg }' 需要一个值，但没有给出
usage-wrong-value = '{ $arg }' 的值 '{ $value }' 无效
usage-wrong-because = { $wrong }：{ $why }
usage-too-many = '{ $arg }' 多出一个值 '{ $value }'
usage-unknown = 没有参数 '{ $arg }'
usage-unknown-subcommand = 没有子命令 '{ $name }'
usage-missing = 没有给出以下必需的参数：
usage-not-utf-8 = 参数中有不是 UTF-8 的内容
usage-values = 可取的值：{ $values }
usage-similar =
    提示：{ $n ->
       *[other] 有相近的{ $what }：{ $names }
    }
usage-subcommand = 子命令
usage-argument = 参数
usage-value = 取值
